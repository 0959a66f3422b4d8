package org.distill4j.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * A TFRecord file, mapped: one record after the other, each as
 *
 * <pre>{@code
 * uint64 length, uint32 masked CRC-32C of the length, the bytes, uint32 masked CRC-32C of the bytes
 * masked = rotate right by 15 bits, plus 0xa282ead8; all little-endian
 * }</pre>
 *
 * <p>All checksums are checked when it is opened. Safe to read from several threads.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecords</a>
 */
public final class RecordFile {
  private static final int HEAD = 12;
  private static final int FOOT = 4;
  private static final int MASK_DELTA = 0xa282ead8;

  private final String name;
  private final MappedFile file;
  private final long[] starts; // of each record's bytes
  private final long bytes;
  private final String sha256;

  private RecordFile(String name, MappedFile file, long[] starts, long bytes, String sha256) {
    this.name = name;
    this.file = file;
    this.starts = starts;
    this.bytes = bytes;
    this.sha256 = sha256;
  }

  /** Opens a file that is not packed. */
  public static RecordFile open(Path path) {
    return open(path.toString(), MappedFile.open(path));
  }

  /**
   * Reads through a file once.
   *
   * @param name what messages call it
   * @throws InputFault at the first record that is cut off, too long or damaged, in one line
   */
  public static RecordFile open(String name, MappedFile file) {
    long[] starts = new long[1024];
    int count = 0;
    CRC32C crc = new CRC32C();
    long bytes = 0;
    Sha256 sha = new Sha256();
    for (long at = 0; at < file.size(); count++) {
      long left = file.size() - at;
      if (left < HEAD) {
        throw cutOff(name, count, at, left, HEAD);
      }
      ByteBuffer head = file.slice(at, HEAD);
      long length = head.getLong(0);
      require(name, count, at, "length", head.slice(0, Long.BYTES), head.getInt(8), crc);
      if (length < 0 || length > MappedFile.MAX_SLICE - FOOT) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "%s: record %d at byte %,d has %,d bytes (expected: at most %,d)",
                name,
                count,
                at,
                length,
                MappedFile.MAX_SLICE - FOOT));
      }
      if (left < HEAD + length + FOOT) {
        throw cutOff(name, count, at, left, HEAD + length + FOOT);
      }
      ByteBuffer record = file.slice(at + HEAD, (int) length + FOOT);
      int said = record.order(ByteOrder.LITTLE_ENDIAN).getInt((int) length);
      require(name, count, at, "bytes", record.slice(0, (int) length), said, crc);
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      sha.add(head).add(record.position((int) length));
      starts[count] = at + HEAD;
      bytes += length;
      at += HEAD + length + FOOT;
    }
    return new RecordFile(name, file, Arrays.copyOf(starts, count), bytes, sha.hex());
  }

  private static void require(
      String name, int record, long at, String what, ByteBuffer bytes, int said, CRC32C crc) {
    int found = masked(bytes, crc);
    if (found != said) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "%s: record %d at byte %,d is damaged: checksum %08x of its %s (expected: %08x); fetch the file again",
              name,
              record,
              at,
              found,
              what,
              said));
    }
  }

  private static InputFault cutOff(String name, int record, long at, long left, long whole) {
    return new InputFault(
        String.format(
            Locale.ROOT,
            "%s: record %d at byte %,d is cut off: %,d bytes (expected: %,d); fetch the file again",
            name,
            record,
            at,
            left,
            whole));
  }

  /** The masked CRC-32C of what remains of a buffer. */
  static int masked(ByteBuffer bytes, CRC32C crc) {
    crc.reset();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  /**
   * Whether bytes start as a file of records does that is not packed: with a length and its own
   * checksum.
   */
  public static boolean startsLikeOne(byte[] bytes) {
    if (bytes.length < HEAD) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return masked(head.slice(0, Long.BYTES), new CRC32C()) == head.getInt(Long.BYTES);
  }

  /**
   * A digest of the records' lengths and checksums, which are checked when the file is opened: it
   * tells contents apart as well as these do.
   */
  public String sha256() {
    return sha256;
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** How many records there are. */
  public int count() {
    return starts.length;
  }

  /** How many bytes the records have together. */
  public long bytes() {
    return bytes;
  }

  /**
   * One record's bytes, without copying.
   *
   * @param index from 0 to {@link #count} - 1
   */
  public ByteBuffer record(int index) {
    long start = starts[index];
    long length = file.slice(start - HEAD, Long.BYTES).getLong(0);
    return file.slice(start, (int) length);
  }
}
