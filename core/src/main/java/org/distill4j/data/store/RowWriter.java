package org.distill4j.data.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.distill4j.storage.AtomicFile;

/** Writes a {@link RowFile}, row after row. */
public final class RowWriter {
  private static final int BUFFER = 1 << 20;

  private final FileChannel to;
  private final int rowBytes;
  private final ByteBuffer rows;
  private long count;

  /**
   * Begins.
   *
   * @param rowBytes at least 1
   */
  public RowWriter(FileChannel to, int rowBytes) throws IOException {
    this.to = to;
    this.rowBytes = rowBytes;
    this.rows =
        ByteBuffer.allocateDirect(Math.max(BUFFER, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    to.position(RowFile.HEAD);
  }

  /** Where to put the next row's bytes, all of them, before this is called again. */
  public ByteBuffer next() throws IOException {
    if (rows.remaining() < rowBytes) {
      flush();
    }
    count++;
    return rows;
  }

  /** How many rows there are. */
  public long count() {
    return count;
  }

  /** Writes what is left, the text and the head. */
  public void finish(String text) throws IOException {
    flush();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.writeFully(to, ByteBuffer.wrap(bytes));
    rows.putInt(RowFile.MAGIC).putInt(rowBytes).putLong(count).putLong(bytes.length).putLong(0);
    to.position(0);
    flush();
  }

  private void flush() throws IOException {
    AtomicFile.writeFully(to, rows.flip());
    rows.clear();
  }
}
