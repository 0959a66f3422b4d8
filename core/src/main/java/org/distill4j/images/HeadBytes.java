package org.distill4j.images;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of an image file, of which only blocks that are asked for are read. */
final class HeadBytes implements Closeable {
  private static final int BLOCK = 4096;

  private final SeekableByteChannel file; // null where all bytes are in the block
  private final long length;
  private final byte[] block;
  private long start;
  private int held;

  private HeadBytes(SeekableByteChannel file, long length, byte[] block, int held) {
    this.file = file;
    this.length = length;
    this.block = block;
    this.held = held;
  }

  static HeadBytes of(byte[] all) {
    return new HeadBytes(null, all.length, all, all.length);
  }

  static HeadBytes open(Path path) throws IOException {
    SeekableByteChannel file = Files.newByteChannel(path);
    return new HeadBytes(file, file.size(), new byte[BLOCK], 0);
  }

  long length() {
    return length;
  }

  /** The byte at an offset, 0 to 255. */
  int u8(long at) throws IOException {
    if (at < start || at >= start + held) {
      load(at);
    }
    return block[(int) (at - start)] & 0xff;
  }

  private void load(long at) throws IOException {
    if (file == null || at < 0 || at >= length) {
      throw new EOFException("cut off at byte " + length);
    }
    file.position(at);
    ByteBuffer into = ByteBuffer.wrap(block);
    start = at;
    held = 0;
    while (into.hasRemaining() && file.read(into) >= 0) {
      held = into.position();
    }
    if (held == 0) {
      throw new EOFException("cut off at byte " + at);
    }
  }

  int u16(long at) throws IOException {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16Little(long at) throws IOException {
    return u8(at + 1) << 8 | u8(at);
  }

  long u32(long at) throws IOException {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  int i32Little(long at) throws IOException {
    return u16Little(at + 2) << 16 | u16Little(at);
  }

  /** Whether these characters of one byte stand at an offset. */
  boolean says(long at, String text) throws IOException {
    if (at + text.length() > length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (u8(at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
