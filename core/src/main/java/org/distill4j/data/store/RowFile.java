package org.distill4j.data.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.distill4j.storage.MappedFile;

/**
 * Rows of one length in a mapped file, and a text about them:
 *
 * <pre>{@code
 * little-endian: int32 magic, int32 bytes per row, int64 rows, int64 bytes of text, 8 zeros,
 * then the rows, then the text in UTF-8
 * }</pre>
 */
public final class RowFile {
  static final int MAGIC = 0x524a3444; // "D4JR"
  static final int HEAD = 32;

  private final MappedFile file;
  private final int rowBytes;
  private final long rows;

  /** Reads the head of a file that {@link RowWriter} made. */
  public RowFile(MappedFile file) {
    this.file = file;
    ByteBuffer head = file.slice(0, HEAD);
    if (head.getInt(0) != MAGIC) {
      throw new IllegalArgumentException(file.path() + ": is no file of rows");
    }
    this.rowBytes = head.getInt(4);
    this.rows = head.getLong(8);
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /** How long a row is. */
  public int rowBytes() {
    return rowBytes;
  }

  /** Copies a row to the start of the target, without allocating. */
  public void copy(long row, byte[] target) {
    file.copy(HEAD + row * rowBytes, target, rowBytes);
  }

  /** The little-endian integer at an offset in a row. */
  public int intAt(long row, int offset) {
    return file.intAt(HEAD + row * rowBytes + offset);
  }

  /** The little-endian float at an offset in a row. */
  public float floatAt(long row, int offset) {
    return Float.intBitsToFloat(intAt(row, offset));
  }

  /** What is written behind the rows. */
  public String text() {
    int length = Math.toIntExact(file.slice(0, HEAD).getLong(16));
    byte[] bytes = new byte[length];
    file.copy(HEAD + rows * rowBytes, bytes, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
