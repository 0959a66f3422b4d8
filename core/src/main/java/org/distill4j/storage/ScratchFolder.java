package org.distill4j.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary folder of this process, {@code distill4j-<process>-<number>}. It goes with the
 * process; where that was killed, the next one removes it.
 *
 * <p>A process holds the lock of a file in its folder as long as it lives: the system frees it even
 * of one that was killed, and across containers that share a folder. So a folder whose lock is free
 * belongs to nobody. What libraries unpack elsewhere is named in the folder and goes with it.
 */
final class ScratchFolder {
  /** The folders of this process, a line each: a system property, as all class loaders see it. */
  private static final String LIVE = "distill4j.scratch";

  private static final String LOCK = ".lock";
  private static final String ELSEWHERE = ".elsewhere";
  private static final int ATTEMPTS = 3;

  /** What a library's folder may be called, so that no file says what else is to be removed. */
  private static final String LIBRARY = "onnxruntime-java[0-9]+";

  private static ScratchFolder own;

  private final Path folder;
  private final FileChannel lock; // stays open

  private ScratchFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * That of this process, made at the first call; the folders of dead ones go then.
   *
   * @throws IOException if there is none and none can be made, or the process is ending
   */
  static synchronized ScratchFolder own() throws IOException {
    if (own == null || !own.lock.isOpen() || !Files.exists(own.folder)) {
      ScratchFolder made = locked();
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(made::remove, "distill4j-scratch"));
      } catch (IllegalStateException e) {
        made.remove();
        throw new IOException("temporary folder: none is made while this process ends", e);
      }
      own = made;
      sweep(parent());
    }
    return own;
  }

  private static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static ScratchFolder locked() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path folder =
          Files.createTempDirectory(parent(), "distill4j-" + ProcessHandle.current().pid() + "-");
      System.getProperties().merge(LIVE, folder.toRealPath().toString(), (a, b) -> a + "\n" + b);
      Path file = folder.resolve(LOCK);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null && Files.exists(file)) {
        return new ScratchFolder(folder, channel);
      }
      channel.close(); // another process took it for a dead one's in between
    }
    throw new IOException("no folder of its own can be locked");
  }

  /** A new folder in it. */
  Path folder(String purpose) throws IOException {
    return Files.createTempDirectory(folder, purpose);
  }

  /** Lets a library's folder go with this one. */
  void adopt(Path library) throws IOException {
    Files.writeString(
        folder.resolve(ELSEWHERE),
        library.getFileName() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void remove() {
    try {
      removeAll(folder);
      lock.close();
      Files.deleteIfExists(folder.resolve(LOCK));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // the next process tries again
    }
  }

  /**
   * Removes the folders of processes that are dead, as far as they can be. Whose process had this
   * one's number, as all have in containers, is dead as well.
   *
   * @param parent where they lie
   */
  static void sweep(Path parent) {
    List<String> live = System.getProperty(LIVE, "").lines().toList();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(parent.toRealPath(), "distill4j-*-*")) {
      for (Path folder : all) {
        if (folder.getFileName().toString().matches("distill4j-[0-9]+-[0-9]+")
            && !live.contains(folder.toString()) // closing its file would free our lock
            && UserCache.isOwn(folder)
            && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
          removeIfDead(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // left for another time
    }
  }

  private static void removeIfDead(Path folder) {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        removeAll(folder);
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
      }
    } catch (IOException | OverlappingFileLockException e) {
      return; // another user's, or alive
    }
  }

  /** All but the lock, which says that somebody is at work. */
  private static void removeAll(Path folder) throws IOException {
    Path elsewhere = folder.resolve(ELSEWHERE);
    if (Files.isRegularFile(elsewhere, LinkOption.NOFOLLOW_LINKS)) {
      for (String name : Files.readAllLines(elsewhere, StandardCharsets.UTF_8)) {
        if (name.matches(LIBRARY)) {
          delete(folder.resolveSibling(name));
        }
      }
    }
    List<Path> inside;
    try (Stream<Path> files = Files.list(folder)) {
      inside = files.filter(file -> !file.endsWith(LOCK)).toList();
    }
    for (Path file : inside) {
      delete(file);
    }
  }

  private static void delete(Path root) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
