package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.distill4j.search.Candidate;
import org.distill4j.search.SearchState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search tells before it is over. */
class ParetoProgressTest {
  @TempDir Path folder;

  private static Candidate candidate(String name, long bytes, double accuracy, double p50) {
    return new Candidate(
        name,
        "",
        name + "/model.onnx",
        "key",
        bytes,
        "sha256",
        250,
        1_000,
        0,
        accuracy,
        0.9 - accuracy,
        1,
        p50,
        "",
        List.of(),
        7,
        List.of(),
        0,
        null,
        null);
  }

  private static SearchState soFar() {
    List<Candidate> candidates =
        List.of(
            candidate("float", 1000, 0.9, 1.0),
            candidate("int8", 300, 0.88, 1.2),
            candidate("int8-worse", 310, 0.87, 1.3),
            candidate("int8-better", 320, 0.895, 1.1));
    return new SearchState(candidates, candidates.get(1));
  }

  /** A search that has found something and then takes for ever. */
  static final class Endless {
    private Endless() {}

    public static void main(String[] folder) throws IOException {
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      ParetoProgress watch =
          new ParetoProgress(Path.of("net.onnx"), Path.of(folder[0]), out, false);
      watch.accept(soFar());
      out.println("under way");
      if (System.in.read() >= 0) { // nobody writes anything
        watch.close();
      }
    }
  }

  @Test
  void search_cutOffByASignal_namesTheBestSoFar() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            Endless.class.getName(),
            folder.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process child = builder.redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && !line.equals("under way")) {
        line = out.readLine();
      }
      assertThat(line).isEqualTo("under way");
      child.toHandle().destroy(); // SIGTERM ends the process as SIGINT does; its output stays open
      String rest = out.lines().collect(Collectors.joining("\n"));
      assertThat(rest)
          .contains(
              "cut off; best so far: int8, " + folder.resolve("int8/model.onnx"),
              "(300 bytes, -2.00 points on validation; the test set was not read)",
              "Run it again to go on");
      assertThat(child.waitFor()).isEqualTo(143);
    } finally {
      child.destroyForcibly();
    }
    assertThat(Files.readString(folder.resolve("pareto.html")))
        .contains("net.onnx", "int8-better", "takes 30 % of the bytes");
  }

  @Test
  void interrupted_asJson_isOneObject() {
    StringWriter out = new StringWriter();
    try (ParetoProgress watch =
        new ParetoProgress(Path.of("net.onnx"), folder, new PrintWriter(out), true)) {
      watch.interrupted();
      assertThat(out.toString()).as("nothing was found yet").isEmpty();
      watch.accept(soFar());
      watch.interrupted();
    }
    assertThat(out.toString()).contains("\"best\":{\"name\":\"int8\"");
  }

  @Test
  void withoutGain_whatAnotherMatchesInAllThree_isSaid() {
    assertThat(soFar().withoutGain())
        .containsExactly("no gain: int8-worse; int8 is no worse in accuracy, bytes and time");
    assertThat(soFar().front()).containsExactly("float", "int8", "int8-better");
  }

  @Test
  void withoutGain_whatIsHardlySmallerAndNoFaster_isSaid() {
    List<Candidate> candidates =
        List.of(candidate("float", 1000, 0.9, 1.0), candidate("int8", 980, 0.9, 1.4));
    assertThat(new SearchState(candidates, candidates.get(0)).withoutGain())
        .containsExactly(
            "no gain: int8; beside float it takes 98.0 % of the bytes and 1.40 times the time, and"
                + " a gain is 5 % less of bytes or time");
  }
}
