package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.cli.LauncherInstall.Said;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script {@code ./distill4j} builds and starts, seen by a JVM that only tells. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherScriptTest {
  private static final String BUILD =
      """
      echo "mvn LC_ALL=${LC_ALL:-} LC_CTYPE=${LC_CTYPE:-} $*" >>"$CALLS"
      printf new >cli/target/lib/distill4j-cli-2.jar
      """;

  @TempDir private Path folder;
  private LauncherInstall install;

  @BeforeEach
  void lay() throws IOException {
    install = LauncherInstall.stub(folder);
  }

  private Said start(Map<String, String> environment) throws Exception {
    return install.run(folder, environment, "\"$LAUNCHER\" command 'two words'");
  }

  private static void assertRan(Said said) {
    assertThat(said.exitCode()).as(said.text()).isZero();
    assertThat(said.text())
        .containsSubsequence("word org.distill4j.cli.Main\n", "word command\n", "word two words\n");
  }

  private Path archive() throws IOException {
    return install.archives().stream()
        .filter(f -> f.toString().endsWith(".jsa"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void start_throughLinksAndCdpath_findsItsHomeAndWritesNothingBesideThem() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("first"), install.launcher);
    Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));
    for (String call : List.of("./second", "bash second", "second")) {
      Map<String, String> paths =
          Map.of("CDPATH", "/:/tmp", "PATH", bin + ":" + folder.resolve("tools"));
      assertRan(install.run(bin, paths, call + " command 'two words'"));
      try (Stream<Path> there = Files.list(bin)) {
        assertThat(there).hasSize(2);
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void start_inAFolderThatIsGone_saysSo() throws Exception {
    Path here = Files.createDirectories(folder.resolve("here"));
    Said said = install.run(here, Map.of(), "/bin/rmdir '" + here + "'; \"$LAUNCHER\" command");
    assertThat(said.exitCode()).as(said.text()).isEqualTo(1);
    assertThat(said.text()).contains("distill4j: the working folder is gone (expected: ");
    assertThat(install.calls()).isEmpty();
  }

  @Test
  void start_collectorOfTheUsersChoice_isTheOnlyOne() throws Exception {
    Random random = new Random(Seeds.of(3));
    List<String> flags =
        List.of(
            "-XX:+UseG1GC",
            "-XX:+UseSerialGC",
            "-XX:+UseZGC",
            "-XX:+UseStringDeduplication",
            "-XX:-UseG1GC",
            "-Dname=-XX:+UseG1GC");
    for (String variable :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS")) {
      String flag = flags.get(random.nextInt(flags.size()));
      String space = List.of(" ", "\t", "\n").get(random.nextInt(3));
      boolean chosen = flag.matches("-XX:\\+Use\\w+GC");
      Said said = start(Map.of(variable, "-Xmx1g" + space + flag + space + "-Dlast=1"));
      assertRan(said);
      List<String> collectors =
          said.text().lines().filter(l -> l.matches("word -XX:\\+Use\\w+GC")).toList();
      boolean seen = variable.equals("JAVA_OPTS"); // a JVM reads the others by itself
      assertThat(collectors)
          .as(variable + " " + flag)
          .isEqualTo(
              chosen
                  ? seen ? List.of("word " + flag) : List.of()
                  : List.of("word -XX:+UseSerialGC"));
    }
  }

  @Test
  void start_toldNothingOrOtherwise_switchesTelemetryOffUnlessTheUserSaidMore() throws Exception {
    assertThat(start(Map.of()).text().lines()).contains("ORT_DISABLE_TELEMETRY=1");
    assertThat(start(Map.of("ORT_DISABLE_TELEMETRY", "0")).text().lines())
        .contains("ORT_DISABLE_TELEMETRY=0");
  }

  /** Whatever starts a JVM does so with names in UTF-8: the command, the archive, and the build. */
  @ParameterizedTest
  @CsvSource({
    "LC_ALL, C, UTF-8, true",
    "LC_ALL, POSIX, UTF-8, true",
    "LC_CTYPE, C, UTF-8, true",
    "LANG, C, UTF-8, true",
    "LANG, '', UTF-8, true",
    "LC_ALL, xy_XY.UTF-8, ANSI_X3.4-1968, true",
    "LC_CTYPE, xy_XY.UTF-8, US-ASCII, true",
    "LANG, C.UTF-8, UTF-8, false",
    "LC_ALL, C.UTF-8, UTF-8, false",
    "LANG, C.UTF-8, , false",
    "LANG, de_DE, ISO-8859-1, false"
  })
  void start_localeWithoutLetters_choosesOneThatHasThem(
      String name, String value, String charmap, boolean changed) throws Exception {
    install.tool("locale", charmap == null ? "exit 127\n" : "echo " + charmap + "\n");
    install.tool("mvn", BUILD);
    install.age();
    Map<String, String> locale =
        name.equals("LANG") ? Map.of(name, value) : Map.of("LANG", "", name, value);
    assertThat(start(locale).exitCode()).isZero();
    String all = name.equals("LC_ALL") ? changed ? "C.UTF-8" : value : "";
    String letters = changed ? "C.UTF-8" : name.equals("LC_CTYPE") ? value : "";
    List<String> calls = install.calls();
    assertThat(calls).hasSize(3);
    assertThat(calls).allMatch(c -> c.contains(" LC_ALL=" + all + " LC_CTYPE=" + letters + " "));
    assertThat(calls.get(0)).startsWith("mvn ");
    assertThat(calls.get(1)).contains("-XX:ArchiveClassesAtExit=");
  }

  @Test
  void archive_whole_isMadeOnceAndTakenWithoutTheUsersOptions() throws Exception {
    Said first = start(Map.of("JAVA_TOOL_OPTIONS", "-Xshare:off", "_JAVA_OPTIONS", "-Xshare:off"));
    assertRan(first);
    assertThat(install.calls()).hasSize(2);
    Said second = start(Map.of());
    assertRan(second);
    assertThat(install.calls()).hasSize(1);
    assertThat(first.text()).contains("word -XX:SharedArchiveFile=" + archive() + "\n");
    assertThat(second.text()).contains("word -XX:SharedArchiveFile=" + archive() + "\n");
    assertThat(install.archives()).hasSize(2);
  }

  /** A JVM ends where a byte of its archive is wrong, and passes an archive of other jars over. */
  @Test
  void archive_damagedOrOfOtherJars_isMadeAnew() throws Exception {
    start(Map.of());
    byte[] right = Files.readAllBytes(archive());
    Random random = new Random(Seeds.of(5));
    List<String> harms =
        List.of("truncated", "altered", "longer", "unknown", "jar", "jar beside", "moved");
    for (String harm : harms) {
      Path archive = archive();
      byte[] bytes = right.clone();
      switch (harm) {
        case "truncated" -> bytes = Arrays.copyOf(right, random.nextInt(right.length));
        case "altered" -> bytes[random.nextInt(right.length)] ^= (byte) (1 << random.nextInt(8));
        case "longer" -> bytes = Arrays.copyOf(right, right.length + 1 + random.nextInt(9));
        default -> {}
      }
      Files.write(archive, bytes);
      Path jar = install.lib.resolve("other.jar");
      switch (harm) {
        case "unknown" -> Files.delete(install.archives().get(1));
        case "jar" -> Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
        case "jar beside" -> install.jar("beside.jar");
        default -> {}
      }
      Path home = harm.equals("moved") ? folder.resolve("elsewhere [1]") : install.home;
      if (harm.equals("moved")) {
        Files.move(install.home, home);
      }
      install.calls();
      Map<String, String> here = Map.of("LAUNCHER", home.resolve("distill4j").toString());
      Said said = start(here);
      assertRan(said);
      assertThat(said.text())
          .as(harm)
          .contains("word -XX:SharedArchiveFile=" + home + "/cli/target/classes-");
      assertThat(install.calls()).as(harm).hasSize(2);
      start(here);
      assertThat(install.calls()).as(harm).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "fails"})
  void archive_thatCannotBeMade_isNotTriedAgain(String how) throws Exception {
    for (int time = 0; time < 2; time++) {
      Said said = start(Map.of("ARCHIVES", how));
      assertRan(said);
      assertThat(said.text()).doesNotContain("SharedArchiveFile");
      assertThat(install.calls()).hasSize(2 - time);
    }
    assertThat(install.archives()).hasSize(2);
  }

  @Test
  void archive_cutOff_leavesNothingAndIsMadeNextTime() throws Exception {
    Said said = start(Map.of("ARCHIVES", "cut-off"));
    assertThat(said.exitCode()).as(said.text()).isEqualTo(143);
    assertThat(said.text()).startsWith("Making the start of commands faster").hasLineCount(1);
    assertThat(install.archives()).isEmpty();
    Files.writeString(install.lib.resolveSibling("classes-1.jsa.99"), "of one that was killed");
    assertRan(start(Map.of()));
    assertThat(install.archives()).hasSize(2);
    assertThat(archive()).content().startsWith("classes ");
  }

  @Test
  void build_olderThanItsSources_isMadeAnewWithoutJarsOfAnotherVersion() throws Exception {
    install.tool("mvn", BUILD);
    install.jar("distill4j-core-1.jar");
    assertRan(start(Map.of()));
    assertThat(install.calls()).noneMatch(c -> c.startsWith("mvn"));
    install.age();
    assertRan(start(Map.of()));
    assertThat(install.calls()).hasSize(3).first().asString().contains(" package");
    try (Stream<Path> jars = Files.list(install.lib)) {
      assertThat(jars.map(j -> j.getFileName().toString()))
          .containsExactlyInAnyOrder("distill4j-cli-2.jar", "other.jar");
    }
    assertRan(start(Map.of()));
    assertThat(install.calls()).hasSize(1);
  }

  @Test
  void build_thatFails_isAFaultAndIsTriedAgain() throws Exception {
    install.tool("mvn", "echo it broke; exit 1\n");
    install.age();
    for (int time = 0; time < 2; time++) {
      Said said = start(Map.of());
      assertThat(said.exitCode()).isEqualTo(1);
      assertThat(said.text()).contains("it broke", "distill4j: the build failed, see above");
    }
    assertThat(install.calls()).isEmpty();
  }

  /** As after cp -r, which gives all files the time of the copy. */
  @Test
  void build_olderThanItsSourcesWhereNoMavenIs_runsAndSaysSo() throws Exception {
    install.age();
    Said said = start(Map.of());
    assertRan(said);
    assertThat(said.text())
        .startsWith(
            "distill4j: "
                + install.home
                + "/cli/target is older than its sources and there is no mvn to");
  }

  @Test
  void build_thatCannotBeWritten_runsAsItIsButNotWithADamagedArchive() throws Exception {
    start(Map.of());
    install.tool("mkdir", "exit 1\n"); // for the superuser no folder is read-only
    install.calls();
    assertThat(start(Map.of()).text()).contains("SharedArchiveFile");
    install.age();
    Files.writeString(archive(), "half");
    Said said = start(Map.of());
    assertRan(said);
    assertThat(said.text())
        .startsWith(
            "distill4j: " + install.home + "/cli/target is older than its sources and cannot")
        .doesNotContain("SharedArchiveFile");
    assertThat(install.calls()).hasSize(2);
    assertThat(archive()).content().isEqualTo("half");
    Files.delete(install.lib.resolve("distill4j-cli-1.jar"));
    Said gone = start(Map.of());
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.text()).contains("cli-*.jar: not there, and ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.jar", "distill4j-cli-1.jar", "../dependencies.txt"})
  void build_ofWhichAFileIsGone_isMadeAnewOrNeedsMaven(String name) throws Exception {
    Path gone = install.lib.resolve(name);
    Path kept = Files.move(gone, folder.resolve("kept"));
    Said said = start(Map.of());
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).startsWith("distill4j: mvn: not found").hasLineCount(1);
    install.tool("mvn", BUILD + "cp '" + kept + "' '" + gone + "'\n");
    install.tool("cp", "exec /bin/cp \"$@\"\n");
    assertRan(start(Map.of()));
  }
}
