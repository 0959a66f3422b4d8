package org.distill4j.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * An idx file of unsigned bytes, mapped. A packed one is unpacked once into the user's cache.
 *
 * @param name what messages call it
 * @param file the whole raw file
 * @param sha256 the digest of the raw file, the same whether it came packed or not
 */
record IdxFile(String name, MappedFile file, IdxHeader header, String sha256) {
  /** Deflate never packs better than 1032 to 1 (zlib's technical details). */
  private static final long DEFLATE_AT_BEST = 1032;

  /**
   * Opens and checks a file.
   *
   * @param source raw or gzip
   * @throws InputFault if it is damaged, is something else, or holds less or more than its head
   *     says
   */
  static IdxFile open(ByteSource source, UnpackedFolder unpacked) {
    if (source.file().isPresent() && !source.isGzip() && !source.name().matches("(?is).*\\.gz")) {
      return raw(source.name(), source.file().get());
    }
    ByteSource.Sum sum = source.sum();
    IdxHeader header = packedHeader(source, sum.bytes());
    UnpackedFolder.Unpacked content =
        unpacked.open(
            Sha256.ofTexts("idx", sum.sha256()), channel -> unpack(source, header, channel));
    return new IdxFile(source.name(), content.file(), header, content.sha256());
  }

  private static IdxFile raw(String name, Path path) {
    MappedFile file = MappedFile.open(path);
    int length = (int) Math.min(IdxHeader.MAX_BYTES, file.size());
    IdxHeader header = IdxHeader.of(name, file.slice(0, length).order(ByteOrder.BIG_ENDIAN));
    if (file.size() != header.fileBytes()) {
      throw new InputFault(
          "%s: %s bytes (expected: %s, as its head says)"
              .formatted(name, file.size(), header.fileBytes()));
    }
    return new IdxFile(name, file, header, Sha256.of(path));
  }

  private static IdxHeader packedHeader(ByteSource source, long packedBytes) {
    byte[] start = new byte[IdxHeader.MAX_BYTES];
    try (InputStream in = source.open()) {
      int length = source.read(in, start, start.length);
      IdxHeader header = IdxHeader.of(source.name(), ByteBuffer.wrap(start, 0, length));
      if (header.fileBytes() / DEFLATE_AT_BEST > packedBytes) {
        throw new InputFault(
            "%s: its head says %s bytes (expected: what %s bytes of gzip can hold)"
                .formatted(source.name(), header.fileBytes(), packedBytes));
      }
      return header;
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  private static void unpack(ByteSource source, IdxHeader header, FileChannel to)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = source.open()) {
      long left = header.fileBytes();
      while (left > 0) {
        int wanted = (int) Math.min(left, buffer.length);
        int n = source.read(in, buffer, wanted);
        left -= n;
        if (n < wanted) {
          throw new InputFault(
              "%s: %s bytes unpacked (expected: %s, as its head says)"
                  .formatted(source.name(), header.fileBytes() - left, header.fileBytes()));
        }
        AtomicFile.writeFully(to, ByteBuffer.wrap(buffer, 0, n));
      }
      if (source.read(in, buffer, 1) > 0) {
        throw new InputFault(
            "%s: is longer than %s bytes (expected: to end there, as its head says)"
                .formatted(source.name(), header.fileBytes()));
      }
    }
  }
}
