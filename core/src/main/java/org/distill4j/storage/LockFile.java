package org.distill4j.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.distill4j.fault.RunFault;

/**
 * A lock file: lets one at a time do a piece of work, among all threads and processes of this
 * machine that name the same file. The system frees the lock of a killed process; the empty file
 * stays.
 */
public final class LockFile {
  /** A file lock is held by the process as a whole, so its threads need a lock of their own. */
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private LockFile() {}

  /**
   * Waits for the lock, does the work, frees the lock.
   *
   * @param path need not exist; its folder is created
   * @throws RunFault if the file cannot be created or locked
   */
  public static <T> T holding(Path path, Supplier<T> work) {
    Path key = path.toAbsolutePath().normalize();
    ReentrantLock threads = THREADS.computeIfAbsent(key, k -> new ReentrantLock());
    threads.lock();
    try (FileChannel channel = open(key)) {
      channel.lock(); // until the channel is closed
      return work.get();
    } catch (IOException e) {
      throw new RunFault(
          path + ": cannot be locked: " + AtomicFile.reason(e) + "; choose another folder", e);
    } finally {
      threads.unlock();
    }
  }

  private static FileChannel open(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
