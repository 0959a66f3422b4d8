package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a request or on the way: one line, the right exit code, no debris. */
class FaultTest {
  private static final int FAILED = 1;
  private static final int WRONG_REQUEST = 2;

  @TempDir static Path shared;
  @TempDir Path folder;

  /** A run that is done. */
  @BeforeAll
  static void runOnce() throws IOException {
    Spoken said = TinyRun.run(TinyRun.recipe(shared), shared.resolve("done"));
    assertThat(said.exitCode()).as(said.toString()).isZero();
  }

  /** A copy of the run that is done. */
  private Path done() throws IOException {
    Path copy = folder.resolve("done");
    try (var files = Files.walk(shared.resolve("done"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(shared.resolve("done").relativize(file).toString()));
      }
    }
    return copy;
  }

  private static void assertSaid(Spoken said, int code, String... parts) {
    assertThat(said.err().lines()).as(said.toString()).hasSize(1);
    assertThat(said.err()).contains(parts);
    assertThat(said.exitCode()).isEqualTo(code);
    assertThat(said.out()).isEmpty();
  }

  private Spoken run(String... replaced) throws IOException {
    return TinyRun.run(TinyRun.recipe(folder, replaced), folder.resolve("run"));
  }

  /** Nothing is there but what says what was tried, and what is done. */
  private void assertNoDebris(String... artefacts) throws IOException {
    Path run = folder.resolve("run");
    if (artefacts.length == 0 && !Files.exists(run)) {
      return; // refused before anything was begun
    }
    assertThat(TinyRun.artefacts(run).keySet()).containsExactlyInAnyOrder(artefacts);
    assertThat(run.resolve("results.json")).doesNotExist();
    assertThat(run.resolve("report.html")).doesNotExist();
  }

  @Test
  void run_nanLoss_fails() throws IOException {
    assertSaid(
        run(
            "[64]}}\n  train: {epochs: 2, rate: 0.005}",
            "[64]}}\n  train: {epochs: 2, rate: 1e38}"),
        FAILED,
        "teacher: loss NaN by step ",
        "lower the rate 1.0E38");
    assertNoDebris();
    assertThat(Files.readString(folder.resolve("run/log.txt")))
        .contains("run fails: teacher: loss");
  }

  @Test
  void run_missingData_isAWrongRequest() throws IOException {
    assertSaid(run("digits", "{path: none.csv}"), WRONG_REQUEST, "none.csv: not there");
    assertSaid(run("digits", "{name: none}"), WRONG_REQUEST, "data 'none': not found (looked in ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void run_labelOutOfRange_isAWrongRequest() throws IOException {
    Path csv = Files.writeString(folder.resolve("own.csv"), "1,2,a\n3,4,b\n5,6,2\n7,8,a\n");
    assertSaid(
        run("digits", "{path: own.csv, classes: [a, b]}"),
        WRONG_REQUEST,
        csv + ":3 column 3: '2' (expected: a class, 0 to 1 or one of [a, b])");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void run_teacherOfOtherClasses_isAWrongRequest() throws IOException {
    TinyRun.model(folder.resolve("seven.onnx"), 7);
    assertSaid(
        run("net: {mlp: {hidden: [64]}}\n  train: {epochs: 2, rate: 0.005}", "file: seven.onnx"),
        WRONG_REQUEST,
        "lacks [7, 8, 9] (expected: the classes of data 'digits')");
    assertNoDebris();
  }

  @Test
  void run_studentOfOtherClasses_isRefusedBeforeTheTeacherIsTrained() throws IOException {
    TinyRun.model(folder.resolve("nine.onnx"), 9);
    assertSaid(
        run("net: {mlp: {hidden: [8]}}", "file: nine.onnx"),
        WRONG_REQUEST,
        "student: output [batch, 9] (expected: [batch, 10]");
    assertNoDebris();
    assertThat(folder.resolve("run/teacher")).doesNotExist();
  }

  @Test
  void run_unreadableModel_isAWrongRequest() throws IOException {
    Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    assertSaid(
        run("net: {mlp: {hidden: [8]}}", "file: model.onnx"),
        WRONG_REQUEST,
        "model.onnx",
        "damaged");
    assertNoDebris();
    for (String command : List.of("inspect", "eval", "predict")) {
      String[] arguments = {command, folder.resolve("model.onnx").toString(), "--data", "digits"};
      int length = command.equals("inspect") ? 2 : 4;
      assertSaid(
          Spoken.of(Arrays.copyOf(arguments, length)), WRONG_REQUEST, "model.onnx", "damaged");
      arguments[1] = folder.resolve("none.onnx").toString();
      assertSaid(Spoken.of(Arrays.copyOf(arguments, length)), WRONG_REQUEST, "none.onnx");
    }
  }

  @Test
  void run_alteredModel_failsAndSaysTheWayOut() throws IOException {
    Path run = done();
    Path model = run.resolve("teacher/model.onnx");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);
    Path recipe = TinyRun.recipe(folder);
    assertSaid(
        TinyRun.run(recipe, run),
        FAILED,
        model + ": sha256 ",
        "delete the folder " + run.resolve("teacher") + " to make it again");
    try (var files = Files.list(run.resolve("teacher"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(run.resolve("teacher"));
    assertThat(TinyRun.run(recipe, run).exitCode()).isZero();
    assertThat(TinyRun.artefacts(run)).isEqualTo(TinyRun.artefacts(shared.resolve("done")));
  }

  @Test
  void run_alteredOrTruncatedSoftLabels_fails() throws IOException {
    Path run = done();
    Path recipe = TinyRun.recipe(folder);
    Path labels = run.resolve("labels/labels.safetensors");
    byte[] good = Files.readAllBytes(labels);
    byte[] altered = good.clone();
    altered[good.length - 100] ^= 1;
    Files.write(labels, altered);
    assertSaid(TinyRun.run(recipe, run), FAILED, labels + ": sha256 ", "to make it again");
    Files.write(labels, Arrays.copyOf(good, good.length - 100));
    assertSaid(TinyRun.run(recipe, run), FAILED, labels + ": sha256 ", "to make it again");
    Files.write(labels, good);
    Files.writeString(run.resolve("labels/labels.safetensors.sums"), "soft-label sums 1\n");
    assertSaid(TinyRun.run(recipe, run), FAILED, labels + ".sums: sha256 ", "to make it again");
  }

  @Test
  void run_recipeWithFaults_tellsAllOfThem() throws IOException {
    Spoken said = run("threads: 2", "treads: 2", "hidden: [8]", "hidden: [0]", "digits", "{}");
    assertThat(said.exitCode()).isEqualTo(WRONG_REQUEST);
    assertThat(said.err().lines()).hasSize(3);
    assertThat(said.err().lines())
        .anyMatch(line -> line.endsWith("treads: unknown key (did you mean 'threads'?)"));
    assertThat(folder.resolve("run")).doesNotExist();
    assertSaid(
        Spoken.of("run", folder.resolve("none.yaml").toString()),
        WRONG_REQUEST,
        "none.yaml: not found");
  }

  @Test
  void execute_unknownCommandOrOption_isAWrongRequest() {
    for (String[] arguments :
        new String[][] {{"distil"}, {"run", "--owt", "x"}, {}, {"eval", "model.onnx"}}) {
      Spoken said = Spoken.of(arguments);
      assertThat(said.exitCode()).as(said.toString()).isEqualTo(WRONG_REQUEST);
      assertThat(said.err().lines()).last().asString().startsWith("Try: ./distill4j ");
      assertThat(said.err().lines())
          .hasSizeBetween(2, 3)
          .noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void run_folderThatIsAFile_isAWrongRequest() throws IOException {
    Path file = Files.writeString(folder.resolve("run"), "");
    assertSaid(run(), WRONG_REQUEST, file + ": cannot be used as a run's folder: a file is in its");
  }

  @Test
  void run_folderThatAnotherProcessWorksIn_fails() throws Exception {
    Path run = Files.createDirectories(folder.resolve("run"));
    Process other =
        child(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Locker.class.getName(),
                run.resolve(".lock").toString())
            .start();
    assertThat(other.getInputStream().read()).isEqualTo('l');
    assertSaid(run(), FAILED, run + ": another process is working in it");
    other.getOutputStream().close();
    other.waitFor();
    assertThat(run().exitCode()).isZero();
  }

  /** Another process: locks a file, says so, and holds it until its input ends. */
  static final class Locker {
    private Locker() {}

    public static void main(String[] args) throws IOException {
      try (var channel =
              java.nio.channels.FileChannel.open(
                  Path.of(args[0]),
                  java.nio.file.StandardOpenOption.CREATE,
                  java.nio.file.StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        System.out.println(lock.isValid() ? "locked" : "");
        System.in.read();
      }
    }
  }

  @Test
  void execute_whileTheProcessEnds_isSilent() throws Exception {
    Process ending =
        child(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Ending.class.getName(),
                folder.resolve("no.onnx").toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(ending.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("exit code 1");
  }

  /** Another process: asks for a file that is not there, while it ends. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] args) {
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> out.println("exit code " + Main.execute(out, out, "inspect", args[0]))));
    }
  }

  /** A process with this one's class path, which is too long for the command line. */
  private static ProcessBuilder child(String... command) {
    ProcessBuilder child = new ProcessBuilder(command);
    child.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return child;
  }
}
