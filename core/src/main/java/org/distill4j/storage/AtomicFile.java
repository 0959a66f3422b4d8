package org.distill4j.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.distill4j.fault.RunFault;

/**
 * Atomic file writes: a name holds either the old content or the new, whatever happens in between.
 *
 * <p>The bytes go to a neighbour {@code name.part}, are forced to the disk, and the neighbour is
 * renamed over the target. A process killed on the way leaves at most the neighbour, which the next
 * write replaces. Failpoints: {@code <label>-written} after the temporary file, {@code
 * <label>-synced} before the rename, {@code <label>-renamed} after it.
 */
public final class AtomicFile {
  /** Fills a file that nobody else sees yet. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the channel, from its start. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private static final int PIECE = 1 << 20;

  private AtomicFile() {}

  /**
   * Writes the content beside the target and moves it into place; creates the parent folder.
   *
   * @param label names the failpoints of this write
   * @throws RunFault if the disk refuses; the target is as it was and the neighbour is gone, as
   *     they are when the content itself throws
   */
  public static void write(Path target, String label, Content content) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        content.writeTo(channel);
        Failpoint.visit(label + "-written");
        channel.force(true);
      }
      Failpoint.visit(label + "-synced");
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Failpoint.visit(label + "-renamed");
    } catch (IOException e) {
      deleteQuietly(part);
      throw new RunFault(
          target + ": cannot be written: " + reason(e) + "; free space or choose another folder",
          e);
    } catch (RuntimeException | Error e) {
      deleteQuietly(part);
      throw e;
    }
  }

  /** {@link #write} of bytes. */
  public static void write(Path target, String label, byte[] bytes) {
    write(target, label, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /** {@link #write} of text in UTF-8. */
  public static void write(Path target, String label, String text) {
    write(target, label, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes all that remains, in pieces: for bytes on the heap the channel keeps a native copy as
   * large as the largest piece.
   */
  public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(bytes.position() + Math.min(PIECE, end - bytes.position()));
      channel.write(bytes);
    }
    bytes.limit(end);
  }

  /** The system's words for what went wrong, without the path it repeats. */
  public static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in its place";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    return e.getMessage() == null || e instanceof FileSystemException
        ? e.getClass().getSimpleName()
        : e.getMessage();
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException ignored) {
      // The write's own fault is the one to report; a leftover neighbour is replaced by the next
      // write.
    }
  }
}
