package org.distill4j.data.record;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.records.RecordFile;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * TFRecord files as TensorFlow writes them: as they are, or packed by gzip or zlib. A file that is
 * not packed may start with the bytes of either by chance, for it starts with a length; but then
 * the length's checksum is right.
 */
final class PackedRecords {
  private static final int HEAD = 12;
  private static final int BUFFER = 1 << 16;

  private PackedRecords() {}

  /** Opens a file, unpacked first if it is packed. */
  static RecordFile open(Path file, UnpackedFolder unpacked) {
    byte[] head = head(file);
    boolean gzip = head.length > 1 && head[0] == 0x1f && head[1] == (byte) 0x8b;
    if (RecordFile.startsLikeOne(head) || !(gzip || isZlib(head))) {
      return RecordFile.open(file);
    }
    MappedFile content =
        unpacked
            .open(
                Sha256.ofTexts("unpacked records", ByteSource.of(file).sum().sha256()),
                channel -> unpack(file, gzip, channel))
            .file();
    return RecordFile.open(file.toString(), content);
  }

  private static byte[] head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw ByteSource.of(file).unreadable(e);
    }
  }

  /** RFC 1950: deflate, and a first two bytes that 31 divides. */
  private static boolean isZlib(byte[] head) {
    return head.length > 1
        && (head[0] & 0x0f) == 8
        && (head[0] & 0xf0) <= 0x70
        && (((head[0] & 0xff) << 8) | (head[1] & 0xff)) % 31 == 0;
  }

  private static void unpack(Path file, boolean gzip, FileChannel to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = gzip ? ByteSource.of(file).open() : inflating(file)) {
      for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
        AtomicFile.writeFully(to, ByteBuffer.wrap(buffer, 0, n));
      }
    } catch (EOFException | ZipException e) {
      throw new InputFault(
          "%s: damaged %s: %s (expected: the whole file); fetch it again"
              .formatted(file, gzip ? "gzip" : "zlib", AtomicFile.reason(e)),
          e);
    }
  }

  private static InputStream inflating(Path file) throws IOException {
    return new InflaterInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }
}
