package org.distill4j.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;

/** The folder of an export: made beside and moved into place, whole or not at all. */
final class ExportFolder {
  /** What every export holds. */
  static final String REPORT = "export.json";

  private static final String LOCK = ".lock";

  private final Path target;

  private ExportFolder(Path target) {
    this.target = target;
  }

  /**
   * A folder to write to.
   *
   * @throws InputFault if it holds something that is no export
   */
  static ExportFolder at(Path given) {
    Path target = given.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      boolean usable =
          Files.isDirectory(target)
              && (Files.exists(target.resolve(REPORT)) || list(target).isEmpty());
      if (!usable) {
        throw new InputFault(
            given
                + ": holds something else (expected: a new folder, an empty one, or an export);"
                + " choose another with --out");
      }
    }
    return new ExportFolder(target);
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /**
   * Lets a folder be filled that nobody else sees, then puts it where the old one was.
   *
   * @throws RunFault if another process is filling one
   */
  <T> T fill(Function<Path, T> content) {
    Path draft = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.createDirectories(draft);
      try (FileChannel lock =
          FileChannel.open(
              draft.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        requireAlone(draft, lock);
        return fill(draft, content);
      }
    } catch (IOException e) {
      throw new RunFault(
          target + ": cannot be written: " + AtomicFile.reason(e) + "; choose another folder", e);
    }
  }

  private void requireAlone(Path draft, FileChannel channel) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    if (lock == null || !Files.exists(draft.resolve(LOCK))) { // or that process has just ended
      throw new RunFault(
          target
              + ": another process is working in it (expected: one at a time); wait for it or give"
              + " another --out");
    }
  }

  private <T> T fill(Path draft, Function<Path, T> content) throws IOException {
    Path old = target.resolveSibling(target.getFileName() + ".old");
    for (Path left : list(draft)) { // by one that was killed
      if (!left.endsWith(LOCK)) {
        delete(left);
      }
    }
    try {
      T result = content.apply(draft);
      delete(old);
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      try { // with the lock, which is held
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (Files.exists(old)) {
          Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
      Files.delete(target.resolve(LOCK));
      delete(old);
      return result;
    } finally {
      delete(draft);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be removed: " + AtomicFile.reason(e), e);
    }
  }
}
