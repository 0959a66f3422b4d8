package org.distill4j.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.distill4j.storage.AtomicFile;

/** A writer of TFRecord files, as {@link RecordFile} reads them. */
public final class RecordWriter {
  private final FileChannel to;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer frame = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);

  /** Goes on at the channel's position. */
  public RecordWriter(FileChannel to) {
    this.to = to;
  }

  /** Writes what remains of a buffer as one record. */
  public void write(ByteBuffer record) throws IOException {
    frame.clear().putLong(record.remaining());
    int length = RecordFile.masked(frame.duplicate().flip(), crc);
    AtomicFile.writeFully(to, frame.putInt(length).flip());
    int bytes = RecordFile.masked(record.duplicate(), crc);
    AtomicFile.writeFully(to, record);
    AtomicFile.writeFully(to, frame.clear().putInt(bytes).flip());
  }
}
