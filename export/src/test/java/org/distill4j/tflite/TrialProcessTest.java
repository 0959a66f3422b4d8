package org.distill4j.tflite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.lowered.Lowering;
import org.distill4j.natives.UnpackFolders;
import org.distill4j.tensor.Shape;
import org.distill4j.tflite.TrialProcess.Outcome;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a sound file when something else goes wrong. */
class TrialProcessTest {
  @TempDir Path folder;

  /** A child, which stands for the user's process: tries the file that it is given. */
  public static void main(String[] arguments) throws IOException {
    try (TrialProcess trial = TrialProcess.start()) {
      System.out.print(outcome(trial, Files.readAllBytes(Path.of(arguments[0]))));
    }
  }

  private static Outcome outcome(TrialProcess trial, byte[] file) {
    return trial.of(ByteBuffer.wrap(file), 120, TimeUnit.SECONDS);
  }

  private static byte[] sound() {
    return TfliteWriter.toBytes(
        Lowering.of(new Mlp(List.of(4), 0).build(Shape.of(1, 3, 3), 2, Seeds.of(1))),
        Precision.FLOAT,
        InputOutputType.FLOAT);
  }

  @Test
  void of_processKilledByOthers_isUnknownAndNotTheFilesFault() throws IOException {
    try (TrialProcess trial = TrialProcess.start()) {
      assertThat(outcome(trial, sound())).isEqualTo(Outcome.RAN);
      trial.handle().destroyForcibly();
      assertThat(outcome(trial, sound())).isEqualTo(Outcome.UNKNOWN);
    }
  }

  @Test
  void of_processThatDoesNotGoOn_isSlow() throws Exception {
    if (Platform.isWindows()) {
      return; // no such signal
    }
    try (TrialProcess trial = TrialProcess.start()) {
      assertThat(outcome(trial, sound())).isEqualTo(Outcome.RAN);
      String stop = "kill -STOP " + trial.handle().pid();
      assertThat(new ProcessBuilder("sh", "-c", stop).start().waitFor()).isZero();
      assertThat(trial.of(ByteBuffer.wrap(sound()), 1, TimeUnit.MILLISECONDS))
          .isEqualTo(Outcome.SLOW);
      trial.handle().onExit().join(); // gone, though it stood still
    }
  }

  /** A user without an entry in passwd: libraries would make a folder {@code ?}. */
  @Test
  void start_noHome_triesInTheFoldersOfTheParentAndLeavesNoOther() throws Exception {
    Path file = Files.write(folder.resolve("sound.tflite"), sound());
    Path working = Files.createDirectory(folder.resolve("working"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path jna = folder.resolve("jna");
    for (List<String> told : List.of(List.<String>of(), List.of("-Djna.tmpdir=" + jna))) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Stream.of(
                          List.of(
                              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                              "-XX:TieredStopAtLevel=1",
                              "-Duser.home=?",
                              "-Djava.io.tmpdir=" + temporary,
                              "-Dorg.bytedeco.javacpp.cachedir=" + UnpackFolders.ofJavaCpp()),
                          told,
                          List.of(TrialProcessTest.class.getName(), file.toString()))
                      .flatMap(List::stream)
                      .toList())
              .directory(working.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("CLASSPATH", absolute(System.getProperty("java.class.path")));
      builder.environment().keySet().removeAll(Set.of("HOME", "XDG_CACHE_HOME"));
      Process child = builder.start();
      assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).isEqualTo("RAN");
      assertThat(child.waitFor()).isZero();
      try (Stream<Path> left = Files.list(working)) {
        assertThat(left).as("the working folder").isEmpty();
      }
      assertThat(Files.exists(jna)).as("JNA's own folder").isEqualTo(!told.isEmpty());
    }
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(each -> Path.of(each).toAbsolutePath().toString())
            .toList());
  }
}
