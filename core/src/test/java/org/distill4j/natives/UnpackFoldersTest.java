package org.distill4j.natives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.distill4j.storage.UserCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries are unpacked for a user whom the system knows no home of. */
class UnpackFoldersTest {
  @TempDir Path folder;

  /** A child: uses JNA, and tells where the libraries were sent. */
  public static void main(String[] arguments) {
    NativeEnvironment.setDefault("DISTILL4J_UNPACK_TEST", "set");
    System.out.println(NativeEnvironment.get("DISTILL4J_UNPACK_TEST").orElse(""));
    System.out.println(System.getProperty(UnpackFolders.JAVA_CPP));
    System.out.println(System.getProperty(UnpackFolders.JNA));
    System.out.println(UserCache.home());
  }

  private List<String> child(String... options) throws Exception {
    Path working = Files.createDirectories(folder.resolve("working"));
    Files.createDirectories(folder.resolve("temporary"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Duser.home=?"));
    command.add("-Djava.io.tmpdir=" + folder.resolve("temporary"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.add(UnpackFoldersTest.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).directory(working.toFile());
    builder.environment().keySet().removeAll(Set.of("HOME", "XDG_CACHE_HOME"));
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> said = new String(child.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(child.waitFor()).isZero();
    try (Stream<Path> left = Files.list(working)) {
      assertThat(left).as("the working folder").isEmpty();
    }
    return said;
  }

  private static String absolute(String classPath) {
    return String.join(
        java.io.File.pathSeparator,
        Stream.of(classPath.split(java.io.File.pathSeparator))
            .map(each -> Path.of(each).toAbsolutePath().toString())
            .toList());
  }

  @Test
  void settle_noHome_sendsLibrariesToAFolderOfTheUsersOwn() throws Exception {
    List<String> said = child();
    Path home = Path.of(said.get(3));
    assertThat(home.getParent()).isEqualTo(folder.resolve("temporary"));
    assertThat(said)
        .containsExactly(
            "set",
            home.resolve(".javacpp").resolve("cache") + "",
            folder.resolve("temporary") + "",
            home + "");
  }

  @Test
  void settle_foldersThatWereTold_stay() throws Exception {
    Path jna = folder.resolve("jna");
    Path cpp = folder.resolve("cpp");
    assertThat(child("-Djna.tmpdir=" + jna, "-Dorg.bytedeco.javacpp.cachedir=" + cpp))
        .startsWith("set", cpp + "", jna + "");
  }
}
