package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a disk that is full sooner or later, and goes on when there is room. */
class FullDiskTest {
  private static final long KILOBYTE = 1 << 10;

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    boolean mounted =
        system("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk.toString()) == 0;
    if (!mounted) {
      String reason = "skipped: no small disk can be mounted here (expected: root on Linux)";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }

  @AfterEach
  void unmount() throws Exception {
    system("umount", "--lazy", disk.toString()); // what is mapped keeps it busy
  }

  private static int system(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor();
    } catch (IOException e) {
      return -1; // no such command
    }
  }

  @Test
  void run_onAFullDisk_failsInOneLineAndGoesOnWhenThereIsRoom() throws Exception {
    Path recipe = TinyRun.recipe(folder);
    Path whole = folder.resolve("whole");
    assertThat(TinyRun.run(recipe, whole).exitCode()).isZero();
    long bytes = bytes(whole);
    Path run = disk.resolve("run");
    TreeSet<String> refused = new TreeSet<>();
    Spoken said = null;
    for (long size = 8 * KILOBYTE; size < 2 * bytes; size += 64 * KILOBYTE) {
      assertThat(system("mount", "-o", "remount,size=" + size, disk.toString())).isZero();
      said = TinyRun.run(recipe, run);
      if (said.exitCode() == 0) {
        break;
      }
      assertThat(said.err().lines()).as(said.toString()).hasSize(1);
      assertThat(said.exitCode()).as(said.toString()).isEqualTo(1);
      assertThat(said.err()).contains("; free space");
      refused.add(said.err().strip().replaceFirst(":.*", ""));
      assertNothingHalf(run);
    }
    System.out.println("no room for " + refused);
    assertThat(said.exitCode()).as(said.toString()).isZero();
    assertThat(refused).hasSizeGreaterThan(3);
    assertThat(TinyRun.artefacts(run)).isEqualTo(TinyRun.artefacts(whole));
  }

  @Test
  void eval_noRoomToUnpackOnnxRuntime_failsInOneLine() throws Exception {
    Path model = TinyRun.model(folder.resolve("model.onnx"), 10);
    Process child =
        child(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + disk,
                Main.class.getName(),
                "eval",
                model.toString(),
                "--data",
                "digits")
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).isEqualTo(1);
    assertThat(said)
        .isEqualToNormalizingNewlines(
            "ONNX Runtime: its native library cannot be loaded: No space left on device (expected:"
                + " its jar for this system on the class path, and room in "
                + disk
                + "); free space or choose another with -Djava.io.tmpdir=DIR\n");
  }

  /** What labelling has done is kept on purpose; nothing else has half a file. */
  private static void assertNothingHalf(Path run) throws IOException {
    if (Files.exists(run)) {
      Map<String, String> there = TinyRun.artefacts(run);
      assertThat(there.keySet())
          .filteredOn(name -> name.endsWith(".part"))
          .isSubsetOf(List.of("labels/labels.safetensors.part"));
      assertThat(run.resolve("results.json")).doesNotExist();
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  /** A process with this one's class path, which is too long for the command line. */
  private static ProcessBuilder child(String... command) {
    ProcessBuilder child = new ProcessBuilder(command);
    child.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return child;
  }
}
