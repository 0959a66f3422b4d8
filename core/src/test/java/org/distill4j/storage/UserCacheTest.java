package org.distill4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {
  private static final String CACHE = ".cache/distill4j";

  @TempDir Path folder;

  /** A child without a home: tells where it would keep what. */
  public static void main(String[] arguments) {
    System.out.println(UserCache.home());
    System.out.println(UserCache.home());
    System.out.println(UserCache.folder());
  }

  @Test
  void made_byManyAtATime_isOneFolderForAll() throws Exception {
    int many = 4;
    ExecutorService pool = Executors.newFixedThreadPool(many);
    try {
      for (int round = 0; round < 50; round++) {
        Path temporary = Files.createDirectory(folder.resolve("t" + round));
        CyclicBarrier together = new CyclicBarrier(many);
        List<Future<Path>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
          all.add(
              pool.submit(
                  () -> {
                    together.await();
                    return UserCache.made(temporary);
                  }));
        }
        Set<Path> made = new HashSet<>();
        for (Future<Path> one : all) {
          made.add(one.get());
        }
        assertThat(made).hasSize(1);
        assertThat(files(temporary)).isEqualTo(List.copyOf(made));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void home_whereTheSystemKnowsOfNone_isOneFolderAtEachCall() throws Exception {
    List<String> said = child();
    Path home = Path.of(said.get(0));
    assertThat(home.getParent()).isEqualTo(folder);
    assertThat(home).isDirectory();
    assertThat(said).containsExactly(home + "", home + "", home.resolve(CACHE) + "");
    assertThat(child()).as("another process's").isEqualTo(said);
    assertThat(files(folder)).containsExactly(home);
  }

  @Test
  void home_whereSomebodyElseLaidALink_isAnotherFolderAndTheSameAtEachCall() throws Exception {
    Path taken = Path.of(child().get(0));
    Files.delete(taken);
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.createSymbolicLink(taken, theirs);
    List<String> said = child();
    assertThat(said.get(0)).isEqualTo(said.get(1)).startsWith(folder + "/distill4j-home");
    assertThat(files(folder)).hasSize(3).contains(Path.of(said.get(0)));
    assertThat(files(theirs)).isEmpty();
  }

  @Test
  void within_homesThatCannotBeWritten_takesTheFirstThatCan() throws IOException {
    Path none = folder.resolve("none");
    assertThat(UserCache.within(List.of(none, folder), () -> none)).isEqualTo(folder);
    assertThat(UserCache.within(List.of(none), () -> folder)).isEqualTo(folder);
  }

  /** The JDK's own files are a file system that nobody can write, root neither. */
  @Test
  void within_homeWhoseCacheCannotBeWritten_isAnotherThatHasItsData() throws IOException {
    Path kept = folder.resolve("kept");
    Path data = Files.createDirectories(kept.resolve(CACHE).resolve("data").resolve("digits"));
    Files.writeString(data.resolve("rows"), "rows");
    Files.writeString(data.resolve("rows.lock"), "");
    Files.writeString(kept.resolve(CACHE).resolve("tflite-tried"), "digest\n");
    Path home = folder.resolve("home");
    UserCache.link(kept.resolve(CACHE), home.resolve(CACHE));
    assertThat(home.resolve(CACHE).resolve("data/digits/rows")).isSymbolicLink().hasContent("rows");
    assertThat(files(home.resolve(CACHE))).containsExactly(home.resolve(CACHE).resolve("data"));
    assertThat(files(home.resolve(CACHE).resolve("data/digits"))).hasSize(1);
    UserCache.link(kept.resolve(CACHE), home.resolve(CACHE)); // again, by the next process

    Path readOnly = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    assertThat(UserCache.within(List.of(readOnly, home), () -> folder)).isEqualTo(home);
    assertThat(UserCache.within(List.of(readOnly), () -> folder)).isEqualTo(folder);
  }

  private List<String> child() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=?",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            UserCacheTest.class.getName());
    builder.environment().keySet().removeAll(Set.of("HOME", "XDG_CACHE_HOME", "DISTILL4J_CACHE"));
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> said = new String(child.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(child.waitFor()).isZero();
    return said;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.sorted().toList();
    }
  }
}
