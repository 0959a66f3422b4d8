package org.distill4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose folders are removed: those of the dead, whatever their number, and nobody else's. */
class ScratchFolderTest {
  private static final String PROCESS = Long.toString(ProcessHandle.current().pid());

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(24));

  /**
   * A child: takes a folder, for which it removes those of the dead; with an argument another one,
   * when it ends and the first is gone.
   */
  public static void main(String[] arguments) throws IOException {
    Path own = UserCache.scratch("child").getParent();
    if (arguments.length > 0) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> takenOnceGone(own)));
    }
  }

  private static void takenOnceGone(Path own) {
    while (Files.exists(own)) {
      Thread.onSpinWait();
    }
    try {
      System.out.println(UserCache.scratch("late"));
    } catch (IOException | RuntimeException e) {
      System.out.println(e);
    }
  }

  private static ProcessBuilder child(String temporary, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                ScratchFolderTest.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder child = new ProcessBuilder(command);
    child.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return child;
  }

  @Test
  void scratch_whileTheProcessEnds_isRefusedAndLeavesNothing() throws Exception {
    Process child =
        child(folder.toString(), "another").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines(
            "java.io.IOException: temporary folder: none is made while this process ends");
    assertThat(child.waitFor()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  private Path left(Path in, String process) throws IOException {
    Path left =
        Files.createDirectory(in.resolve("distill4j-" + process + "-" + random.nextInt(99)));
    Files.createFile(left.resolve(".lock"));
    Files.writeString(left.resolve("model.onnx"), "half");
    return left;
  }

  @Test
  void sweep_folderOfADeadProcessOfTheSameNumber_isRemoved() throws IOException {
    Path same = left(folder, PROCESS);
    Path other = left(folder, "1" + PROCESS);
    ScratchFolder.sweep(folder);
    assertThat(same).doesNotExist();
    assertThat(other).doesNotExist();
  }

  @Test
  void sweep_linkToAFolder_leavesWhatItLeadsTo() throws IOException {
    Path run = left(Files.createDirectory(folder.resolve("run")), PROCESS);
    Path swept = Files.createDirectory(folder.resolve("swept"));
    Path link = swept.resolve("distill4j-1-1");
    Files.createSymbolicLink(link, run);
    ScratchFolder.sweep(swept);
    assertThat(link).isSymbolicLink();
    assertThat(run.resolve("model.onnx")).hasContent("half");
    assertThat(run.resolve(".lock")).exists();
  }

  @Test
  void sweep_linksWithinAFolder_leavesWhatTheyLeadTo() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "whole");
    Path dead = left(folder, PROCESS);
    Path locked = left(folder, "2" + PROCESS);
    Files.createSymbolicLink(dead.resolve("link"), kept);
    Files.createSymbolicLink(dead.resolve("folder"), locked);
    Files.delete(locked.resolve(".lock"));
    Files.createSymbolicLink(locked.resolve(".lock"), kept);
    ScratchFolder.sweep(folder);
    assertThat(dead).doesNotExist();
    assertThat(locked.resolve("model.onnx")).as("its lock is a link").exists();
    assertThat(kept).hasContent("whole");
  }

  @Test
  void sweep_folderOfAnotherUser_isLeft() throws IOException {
    Path others = left(folder, PROCESS);
    try {
      Files.setAttribute(others, "unix:uid", 54_321);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return; // only root gives away, and not everywhere
    }
    ScratchFolder.sweep(folder);
    assertThat(others.resolve("model.onnx")).exists();
  }

  /** The lock of a file is the process's, and is lost where any of its class loaders closes it. */
  @Test
  void scratch_ofTwoClassLoaders_staysLockedAgainstAnotherProcess() throws Exception {
    Path first = UserCache.scratch("first");
    try (URLClassLoader loader = new URLClassLoader(classPath(), null)) {
      Path second =
          (Path)
              loader
                  .loadClass(UserCache.class.getName())
                  .getMethod("scratch", String.class)
                  .invoke(null, "second");
      assertThat(second.getParent()).isNotEqualTo(first.getParent());
      Process child = child(System.getProperty("java.io.tmpdir")).inheritIO().start();
      assertThat(child.waitFor()).isZero();
      assertThat(first).exists();
      assertThat(second).exists();
    }
  }

  private static URL[] classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(ScratchFolderTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
