package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code ./distill4j} around the command line, as a shell runs it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  @TempDir private Path folder;

  private Path launcher;
  private Path dependencies;
  private Path model;

  /** What the script said. */
  private record Said(int exitCode, String text) {}

  /** A build as Maven leaves one, with the classes of this test. */
  @BeforeEach
  void lay() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home of it"));
    launcher = Files.copy(Path.of("..").resolve("distill4j"), home.resolve("distill4j"));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String module : List.of("core", "train", "export", "pipeline", "cli")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.createFile(home.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(home.resolve("pom.xml"));
    Files.createDirectories(home.resolve("cli/target/lib"));
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String[] there =
        Stream.of(classes.split(":")).filter(e -> Files.exists(Path.of(e))).toArray(String[]::new);
    dependencies =
        Files.writeString(home.resolve("cli/target/dependencies.txt"), String.join(":", there));
    // A JVM of which the script knows no release: it makes no archive of classes for it.
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:TieredStopAtLevel=1 \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    model = TinyRun.model(folder.resolve("model.onnx"), 10);
  }

  private Said run(Path in, Map<String, String> environment, String shell) throws Exception {
    ProcessBuilder command = new ProcessBuilder("bash", "-c", shell);
    Map<String, String> own = command.environment();
    own.keySet().removeIf(name -> name.startsWith("LC_") || name.contains("JAVA"));
    own.put("JAVA_HOME", folder.resolve("jdk").toString());
    own.put("LAUNCHER", launcher.toString());
    own.put("MODEL", model.toString());
    own.putAll(environment);
    Path said = Files.createTempFile(folder, "said", ".txt");
    Process child =
        command
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int code = child.waitFor();
    return new Said(code, Files.readString(said, StandardCharsets.UTF_8));
  }

  @Test
  void launcher_throughLinksAndCdpath_findsItsHomeAndWritesNothingBesideThem() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("first"), launcher);
    Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));
    Said said = run(bin, Map.of("CDPATH", "/:/tmp"), "./second --version");
    assertThat(said.text()).startsWith("distill4j ");
    assertThat(said.exitCode()).isZero();
    try (Stream<Path> there = Files.list(bin)) {
      assertThat(there).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA_TOOL_OPTIONS, -XX:+UseG1GC",
    "JDK_JAVA_OPTIONS, -XX:+UseParallelGC",
    "JAVA_OPTS, -Xmx1g -XX:+UseG1GC",
    "JAVA_OPTS, -XX:+UseSerialGC",
    "JAVA_OPTS, -XX:+UseStringDeduplication"
  })
  void launcher_collectorOfTheUsersChoice_runs(String name, String value) throws Exception {
    Said said = run(folder, Map.of(name, value), "\"$LAUNCHER\" --version");
    assertThat(said.exitCode()).as(said.text()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"LC_ALL, C", "LC_ALL, POSIX", "LC_CTYPE, C", "LANG, C", "LANG, ''"})
  void launcher_localeWithoutLetters_readsNamesThatHaveSome(String name, String value)
      throws Exception {
    Path in = Files.createDirectories(folder.resolve("Gr\u00f6\u00dfe \u0436"));
    Path named = Files.copy(model, in.resolve("\u00e9.onnx"));
    Map<String, String> locale =
        name.equals("LANG") ? Map.of(name, value) : Map.of("LANG", "", name, value);
    if (name.equals("LC_ALL")) { // each start of the JVM takes a second
      assertThat(run(folder, locale, "\"$LAUNCHER\" inspect '" + named + "'").exitCode()).isZero();
    }
    assertThat(run(in, locale, "\"$LAUNCHER\" inspect \u00e9.onnx").exitCode()).isZero();
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
              Map.of("LC_ALL", "C", "CLASSPATH", Files.readString(dependencies)),
              "\"$JAVA_HOME/bin/java\" org.distill4j.cli.Main inspect '" + path + "'");
      assertThat(said.exitCode()).as(said.text()).isEqualTo(2);
      assertThat(said.text()).contains("set LC_ALL=C.UTF-8").doesNotContain("\tat ");
    }
  }

  @Test
  void launcher_jarThatIsGone_buildsAnewOrSaysWhatIsMissing() throws Exception {
    Files.writeString(
        dependencies, Files.readString(dependencies) + ":" + folder.resolve("gone.jar"));
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("bash", "dirname", "find", "cat", "mkdir", "readlink", "sed")) {
      Path real = Path.of("/usr/bin").resolve(tool);
      Files.createSymbolicLink(
          tools.resolve(tool), Files.exists(real) ? real : Path.of("/bin").resolve(tool));
    }
    Said said = run(folder, Map.of("PATH", tools.toString()), "\"$LAUNCHER\" --version");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).startsWith("distill4j: mvn: not found").hasLineCount(1);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void output_thatCannotBeWritten_isAFaultButNotWhereTheReaderHadEnough() throws Exception {
    for (String command :
        List.of("--help", "inspect \"$MODEL\"", "predict \"$MODEL\" --data digits --json")) {
      Said said = run(folder, Map.of(), "\"$LAUNCHER\" " + command + " >/dev/full");
      assertThat(said.exitCode()).as(command).isEqualTo(1);
      assertThat(said.text())
          .as(command)
          .startsWith("standard output: cannot be written: ")
          .hasLineCount(1);
    }
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
    String predict = "\"$LAUNCHER\" predict \"$MODEL\" --json --input ";
    Said right = run(folder, Map.of(), predict + rows);
    assertThat(right.exitCode()).as(right.text()).isZero();
    assertThat(run(folder, Map.of(), "cat rows.csv | " + predict + "/dev/stdin")).isEqualTo(right);
    assertThat(run(folder, Map.of(), predict + "<(cat rows.csv)")).isEqualTo(right);
    assertThat(
            run(folder, Map.of(), "cat \"$MODEL\" | \"$LAUNCHER\" inspect /dev/stdin").exitCode())
        .isZero();
  }

  @Test
  void run_cutOff_saysThatTheSameCommandGoesOn() throws Exception {
    Path recipe = TinyRun.recipe(folder, "epochs: 2", "epochs: 2000");
    Path out = folder.resolve("out");
    ProcessBuilder command = new ProcessBuilder(launcher.toString(), "run", recipe.toString());
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
    for (Path jdk : jdks) {
      // An empty archive says that none can be made: it takes seconds and is not looked at here.
      String none =
          "touch \"$(dirname \"$LAUNCHER\")/cli/target/classes-$(cksum <'%s/release' | cut -d ' ' -f 1).jsa\"; "
              .formatted(jdk);
      Map<String, String> java = Map.of("JAVA_HOME", jdk.toString());
      Said said = run(folder, java, none + "\"$LAUNCHER\" predict \"$MODEL\" --data digits --n 1");
      assertThat(said.exitCode()).as(jdk + said.text()).isZero();
      assertThat(said.text()).as(jdk.toString()).doesNotContainIgnoringCase("warning");
    }
  }
}
