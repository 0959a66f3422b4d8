package org.distill4j.search;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;

/**
 * Keeps other processes out of a search's folder, as a run's folder does: their lists and files
 * would overwrite each other. The system frees it even where the process is killed.
 */
final class SearchLock implements AutoCloseable {
  private final FileChannel channel; // closing it frees the lock

  private SearchLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it; the folder is created.
   *
   * @throws RunFault if somebody has it
   */
  static SearchLock of(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InputFault(
          folder + ": a file (expected: a folder, or nothing); give another --out");
    }
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new RunFault(
            folder
                + ": another process is working in it (expected: one at a time); wait for it or"
                + " give another --out");
      }
      return new SearchLock(channel);
    } catch (IOException e) {
      throw new InputFault(
          folder + ": cannot be written: " + AtomicFile.reason(e) + "; give another --out", e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // goes with the process
    }
  }
}
