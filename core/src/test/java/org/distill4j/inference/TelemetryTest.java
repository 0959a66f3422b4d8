package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.Dim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX Runtime keeps nothing of what it runs: the home of a process that ran a model stays empty.
 */
class TelemetryTest {
  @TempDir private Path home;

  /** The process: opens a model through the API, as a program of the user's would. */
  public static void main(String[] args) {
    Graph graph = Nets.linear(Dim.of(1));
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      System.out.println(predictor.resultShape());
    }
  }

  @Test
  void open_throughTheApi_leavesNoEventsInTheHome() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Duser.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            TelemetryTest.class.getName());
    command.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
    command.environment().remove("ORT_DISABLE_TELEMETRY");
    command.environment().put("HOME", home.toString());
    Path said = home.resolveSibling("said.txt");
    Process child =
        command
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(child.waitFor()).as(Files.readString(said, StandardCharsets.UTF_8)).isZero();
    assertThat(files(home)).isEmpty(); // JNA leaves an empty folder at most
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
