package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.cli.LauncherInstall.Said;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./distill4j} around the command line, as a shell runs it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  @TempDir private Path folder;

  private LauncherInstall install;
  private Path model;

  @BeforeEach
  void lay() throws IOException {
    install = LauncherInstall.real(folder);
    model = TinyRun.model(folder.resolve("model.onnx"), 10);
  }

  private Said run(Path in, Map<String, String> environment, String shell) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put("MODEL", model.toString());
    return install.run(in, all, shell);
  }

  @Test
  void launcher_collectorOfTheUsersChoice_runs() throws Exception {
    Said said =
        run(folder, Map.of("JDK_JAVA_OPTIONS", "-XX:+UseParallelGC"), "\"$LAUNCHER\" --version");
    assertThat(said.exitCode()).as(said.text()).isZero();
    assertThat(said.text()).contains("distill4j ");
  }

  @Test
  void launcher_localeWithoutLetters_readsNamesThatHaveSome() throws Exception {
    Path in = Files.createDirectories(folder.resolve("Gr\u00f6\u00dfe \u0436"));
    Files.copy(model, in.resolve("\u00e9.onnx"));
    Said said = run(in, Map.of("LC_ALL", "C"), "\"$LAUNCHER\" inspect \u00e9.onnx");
    assertThat(said.exitCode()).as(said.text()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void main_startedInALocaleWithoutLettersByAnotherLauncher_namesTheLocale() throws Exception {
    Path in = Files.createDirectories(folder.resolve("Gr\u00f6\u00dfe"));
    Files.copy(model, in.resolve("model.onnx"));
    for (String path : List.of("model.onnx", in + "/model.onnx")) {
      Said said =
          run(
              in,
              Map.of("LC_ALL", "C", "CLASSPATH", Files.readString(install.dependencies)),
              "\"$JAVA_HOME/bin/java\" org.distill4j.cli.Main inspect '" + path + "'");
      assertThat(said.exitCode()).as(said.text()).isEqualTo(2);
      assertThat(said.text()).contains("set LC_ALL=C.UTF-8").doesNotContain("\tat ");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void output_thatCannotBeWritten_isAFaultButNotWhereTheReaderHadEnough() throws Exception {
    Said said = run(folder, Map.of(), "\"$LAUNCHER\" --help >/dev/full");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).startsWith("standard output: cannot be written: ").hasLineCount(1);
    assertThat(run(folder, Map.of(), "\"$LAUNCHER\" --help | head -c 1 >/dev/null").text())
        .isEmpty();
  }

  @Test
  void input_throughPipes_isReadAsFilesAre() throws Exception {
    Path rows = folder.resolve("rows.csv");
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < 64; i++) {
        text.append(i == 0 ? "" : ",").append((row * 7 + i) % 17);
      }
      text.append('\n');
    }
    Files.writeString(rows, text);
    Said said =
        run(
            folder,
            Map.of(),
            "cat rows.csv | \"$LAUNCHER\" predict <(cat \"$MODEL\") --json --input /dev/stdin");
    assertThat(said.exitCode()).as(said.text()).isZero();
    Spoken right = Spoken.of("predict", model.toString(), "--json", "--input", rows.toString());
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(said.text()).path("rows"))
        .isEqualTo(json.readTree(right.out()).path("rows"))
        .hasSize(3);
  }

  @Test
  void run_cutOff_saysThatTheSameCommandGoesOn() throws Exception {
    Path recipe = TinyRun.recipe(folder, "epochs: 2", "epochs: 2000");
    Path out = folder.resolve("out");
    ProcessBuilder command =
        new ProcessBuilder(install.launcher.toString(), "run", recipe.toString());
    command.command().addAll(List.of("--out", out.toString()));
    command.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    Path said = folder.resolve("said.txt");
    Process child = command.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    long patience = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!Files.exists(out) && child.isAlive() && System.nanoTime() < patience) {
      Thread.sleep(50);
    }
    child.destroy(); // as Ctrl-C does, the JVM ends in order
    child.waitFor();
    assertThat(said).content().contains("the same command goes on from it");
  }

  /** The JDKs beside this one that the system has, such as 21 and 25. */
  private static List<Path> laterJdks() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> there = Files.list(all)) {
      return there.filter(jdk -> feature(jdk) > 17).toList();
    }
  }

  private static int feature(Path jdk) {
    try {
      return Files.readAllLines(jdk.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("^[^\"]*\"([0-9]+).*", "$1")))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Test
  void launcher_laterJdks_runWithoutAWordOfWarning() throws Exception {
    List<Path> jdks = laterJdks();
    if (jdks.isEmpty()) {
      String reason = "skipped: no JDK later than 17 in /usr/lib/jvm";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    // A build that cannot be written gets no archive, which would take seconds.
    install.tool("mkdir", "exit 1\n");
    String path = folder.resolve("tools") + ":" + System.getenv("PATH");
    for (Path jdk : jdks) {
      Map<String, String> java =
          Map.of("JAVA_HOME", jdk.toString(), "PATH", path, "JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      Said said = run(folder, java, "\"$LAUNCHER\" predict \"$MODEL\" --data digits --n 1");
      assertThat(said.exitCode()).as(jdk + said.text()).isZero();
      assertThat(said.text()).as(jdk.toString()).doesNotContainIgnoringCase("warning");
    }
  }
}
