package org.distill4j.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.distill4j.fault.InputFault;

/**
 * A memory-mapped file of any size: it is read through the page cache and takes no heap and no
 * anonymous memory.
 *
 * <p>One buffer maps at most 2 GB, so the file is mapped in windows of 1 GB that overlap by {@link
 * #MAX_SLICE}: a slice of at most that size always lies whole in one window.
 */
public final class MappedFile {
  /** The longest slice, in bytes (256 MB). */
  public static final int MAX_SLICE = 1 << 28;

  private static final long WINDOW = 1L << 30;

  private final Path path;
  private final long size;
  private final MappedByteBuffer[] windows;

  private MappedFile(Path path, long size, MappedByteBuffer[] windows) {
    this.path = path;
    this.size = size;
    this.windows = windows;
  }

  /**
   * Maps a file read-only. It must not be truncated while mapped; whoever writes files writes them
   * beside and moves them into place.
   */
  public static MappedFile open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      int count = (int) Math.max(1, (size + WINDOW - 1) / WINDOW);
      MappedByteBuffer[] windows = new MappedByteBuffer[count];
      for (int i = 0; i < count; i++) {
        long start = i * WINDOW;
        long length = Math.min(size - start, WINDOW + MAX_SLICE);
        windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, length);
        windows[i].order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedFile(path, size, windows);
    } catch (IOException e) {
      throw new InputFault(path + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /**
   * Maps one stretch of a file read-only as a single little-endian buffer.
   *
   * @param offset at least 0
   * @param length less than 2 GB; the stretch must lie within the file
   */
  public static ByteBuffer stretch(Path path, long offset, int length) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw new IllegalArgumentException(
            path
                + ": bytes "
                + offset
                + " + "
                + length
                + " (expected: within "
                + channel.size()
                + ")");
      }
      return channel
          .map(FileChannel.MapMode.READ_ONLY, offset, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new InputFault(path + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Its length in bytes. */
  public long size() {
    return size;
  }

  /**
   * Bytes {@code offset .. offset + length - 1}, little-endian, without copying.
   *
   * @param length at most {@link #MAX_SLICE}
   */
  public ByteBuffer slice(long offset, int length) {
    int window = window(offset, length);
    return windows[window]
        .slice((int) (offset - window * WINDOW), length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies bytes {@code offset .. offset + length - 1} to the start of the target, without
   * allocating.
   *
   * @param length at most {@link #MAX_SLICE}
   */
  public void copy(long offset, byte[] target, int length) {
    int window = window(offset, length);
    windows[window].get((int) (offset - window * WINDOW), target, 0, length);
  }

  /** The byte at an offset, -128 to 127. */
  public byte byteAt(long offset) {
    int window = window(offset, 1);
    return windows[window].get((int) (offset - window * WINDOW));
  }

  /** The little-endian 32-bit integer at an offset. */
  public int intAt(long offset) {
    int window = window(offset, Integer.BYTES);
    return windows[window].getInt((int) (offset - window * WINDOW));
  }

  /** The window that holds all these bytes. */
  private int window(long offset, int length) {
    if (offset < 0 || length < 0 || length > MAX_SLICE || offset > size - length) {
      throw new IllegalArgumentException(
          path + ": bytes " + offset + " + " + length + " (expected: within " + size + ")");
    }
    return (int) Math.min(offset / WINDOW, windows.length - 1);
  }
}
