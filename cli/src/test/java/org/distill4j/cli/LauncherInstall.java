package org.distill4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The script {@code ./distill4j} in a build as Maven leaves one, and how a shell runs it. */
final class LauncherInstall {
  /** What the script needs of a system; {@code mvn} and {@code java} are not among them. */
  private static final List<String> SYSTEM =
      List.of(
          "bash",
          "sh",
          "cat",
          "cksum",
          "env",
          "find",
          "flock",
          "git",
          "locale",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "stat",
          "touch",
          "tput");

  /** A JVM that keeps no archive of classes, tells what it was started with, and ends. */
  private static final String STUB_JAVA =
      """
      #!/bin/sh
      case "$*" in
        -XshowSettings*) echo '    java.specification.version = 17'; exit ;;
      esac
      echo "java LC_ALL=${LC_ALL:-} LC_CTYPE=${LC_CTYPE:-} $*" >>"$CALLS"
      for word; do
        case "$word" in
          -XX:ArchiveClassesAtExit=*)
            case "${ARCHIVES:-made}" in
              made) printf 'classes %s' "$CLASSPATH" >"${word#*=}" ;;
              fails) printf half >"${word#*=}"; exit 1 ;;
              cut-off) printf half >"${word#*=}"; kill -TERM $PPID; exit 143 ;;
              none) ;;
            esac
            exit ;;
        esac
      done
      printf 'word %s\\n' "$@"
      env
      """;

  final Path home;
  final Path launcher;
  final Path dependencies;
  final Path lib;

  private final Path folder;
  private final Path calls;

  /** What the script said. */
  record Said(int exitCode, String text) {}

  private LauncherInstall(Path folder, String java) throws IOException {
    this.folder = folder;
    home = Files.createDirectories(folder.resolve("home of it"));
    launcher = Files.copy(Path.of("..").resolve("distill4j"), home.resolve("distill4j"));
    runnable(launcher);
    for (String module : List.of("core", "train", "export", "pipeline", "cli")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.createFile(home.resolve(module).resolve("pom.xml"));
    }
    Files.writeString(home.resolve("pom.xml"), "<project>\n  <version>2</version>\n");
    lib = Files.createDirectories(home.resolve("cli/target/lib"));
    jar("distill4j-cli-1.jar");
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String[] there =
        Stream.of(classes.split(":")).filter(e -> Files.exists(Path.of(e))).toArray(String[]::new);
    dependencies =
        Files.writeString(home.resolve("cli/target/dependencies.txt"), String.join(":", there));
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    runnable(Files.writeString(bin.resolve("java"), java));
    calls = Files.createFile(folder.resolve("calls"));
  }

  /**
   * With the classes of this test and this JVM, of which the script knows no release: no archive.
   */
  static LauncherInstall real(Path folder) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new LauncherInstall(
        folder, "#!/bin/sh\nexec '" + java + "' -XX:TieredStopAtLevel=1 \"$@\"\n");
  }

  /** With a JVM that tells what it was started with, and a system without Maven. */
  static LauncherInstall stub(Path folder) throws IOException {
    LauncherInstall install = new LauncherInstall(folder, STUB_JAVA);
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    Files.writeString(install.dependencies, install.jar("other.jar").toString());
    for (String tool : SYSTEM) {
      for (String place : System.getenv("PATH").split(":", -1)) {
        Path real = Path.of(place).resolve(tool);
        if (Files.isExecutable(real)) {
          Files.createSymbolicLink(install.tools().resolve(tool), real);
          break;
        }
      }
    }
    return install;
  }

  Path jar(String name) throws IOException {
    return Files.write(lib.resolve(name), new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0});
  }

  private Path tools() throws IOException {
    return Files.createDirectories(folder.resolve("tools"));
  }

  /** Puts a tool of the system in the place of its own. */
  void tool(String name, String script) throws IOException {
    Path tool = tools().resolve(name);
    Files.deleteIfExists(tool);
    runnable(Files.writeString(tool, "#!/bin/sh\n" + script));
  }

  private static void runnable(Path script) throws IOException {
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes the build an hour old, and one of its sources younger. */
  void age() throws IOException {
    Instant now = Instant.now();
    Files.setLastModifiedTime(dependencies, FileTime.from(now.minus(Duration.ofHours(1))));
    Files.writeString(home.resolve("core/src/main/A.java"), "class A {}");
  }

  /** The files of an archive of classes, as they are called. */
  List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(lib.getParent())) {
      return files.filter(f -> f.getFileName().toString().startsWith("classes-")).sorted().toList();
    }
  }

  /** How the JVM and Maven were called since this was asked before. */
  List<String> calls() throws IOException {
    List<String> lines = Files.readAllLines(calls);
    Files.writeString(calls, "");
    return lines;
  }

  Said run(Path in, Map<String, String> environment, String shell) throws Exception {
    ProcessBuilder command = new ProcessBuilder("bash", "-c", shell);
    Map<String, String> own = command.environment();
    own.keySet().removeIf(n -> n.startsWith("LC_") || n.contains("JAVA") || n.equals("CLASSPATH"));
    if (Files.exists(folder.resolve("tools"))) {
      own.put("PATH", folder.resolve("tools").toString());
    }
    own.put("JAVA_HOME", folder.resolve("jdk").toString());
    own.put("LAUNCHER", launcher.toString());
    own.put("CALLS", calls.toString());
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
}
