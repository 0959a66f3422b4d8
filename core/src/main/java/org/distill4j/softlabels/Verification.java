package org.distill4j.softlabels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.fault.RunFault;
import org.distill4j.safetensors.SafetensorsFile;
import org.distill4j.safetensors.SafetensorsHeader.Entry;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/** A file of labels against the checksums beside it. */
final class Verification {
  private final SafetensorsFile file;
  private final Entry logits;
  private final ChunkChecksums sums;

  private Verification(SafetensorsFile file, Entry logits, ChunkChecksums sums) {
    this.file = file;
    this.logits = logits;
    this.sums = sums;
  }

  /**
   * The file's digest.
   *
   * @throws RunFault if it is not the one in the sums; the message names the damaged chunk
   */
  static String sha256(SafetensorsFile file, Entry logits) {
    Path path = SoftLabels.sums(file.path());
    ChunkChecksums sums = ChunkChecksums.parse(text(path)).orElse(null);
    if (sums == null || sums.fileSha256().isEmpty() || sums.chunks().size() != sums.chunkCount()) {
      throw new RunFault(
          "%s: is cut off or damaged (expected: the checksums of %s); delete both to label again"
              .formatted(path, file.path()));
    }
    String sha256 = Sha256.of(file.path());
    if (!sha256.equals(sums.fileSha256())) {
      throw new Verification(file, logits, sums).damaged();
    }
    return sha256;
  }

  private static String text(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new RunFault(
          path
              + ": cannot be read (expected: the checksums of the labels beside it); delete the"
              + " labels to label again",
          e);
    }
  }

  private RunFault damaged() {
    String where = "its header or its checksums do not match";
    if (logits.shape().size(0) == sums.examples()) {
      for (int i = 0; i < sums.chunks().size(); i++) {
        if (!ChunkChecksums.checksum(chunk(i)).equals(sums.chunks().get(i))) {
          long first = (long) i * sums.chunk();
          where =
              "examples %s to %s do not match their checksum"
                  .formatted(first, first + sums.rows(i) - 1);
          break;
        }
      }
    }
    return new RunFault(file.path() + ": is damaged: " + where + "; delete it to label again");
  }

  private ByteBuffer chunk(int index) {
    long row = logits.shape().size(1) * logits.type().bytes();
    int length = Math.toIntExact(Math.min(MappedFile.MAX_SLICE, sums.rows(index) * row));
    return file.slice(logits.name(), (long) index * sums.chunk() * row, length);
  }
}
