package org.distill4j.softlabels;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file beside the labels that tells how far they are done and what their bytes are.
 *
 * <pre>
 * soft-label sums 1
 * header 3f0c...            SHA-256 of the labels' file up to its data
 * examples 10800 chunk 1024 batch 128
 * 0 8a1b2c3d                CRC-32C of each chunk, in order
 * 1 ...
 * file 77aa...              SHA-256 of the labels' file, once it is complete
 * </pre>
 *
 * @param headerSha256 64 hex digits
 * @param examples how many rows the labels have when complete
 * @param chunk how many rows are checked as one; the last chunk may have fewer
 * @param batch how many examples the teacher took at a time, which can decide the last bits
 * @param chunks a checksum for each chunk that is done, 8 hex digits
 * @param fileSha256 64 hex digits; empty until all chunks are done
 */
record ChunkChecksums(
    String headerSha256,
    long examples,
    int chunk,
    int batch,
    List<String> chunks,
    String fileSha256) {
  private static final String FIRST_LINE = "soft-label sums 1";

  ChunkChecksums {
    chunks = List.copyOf(chunks);
  }

  /** How many chunks there are when complete. */
  long chunkCount() {
    return (examples + chunk - 1) / chunk;
  }

  /** How many rows a chunk has. */
  int rows(long chunkIndex) {
    return (int) Math.min(chunk, examples - chunkIndex * chunk);
  }

  /** The lines before the first chunk's. */
  String preamble() {
    return FIRST_LINE
        + "\nheader "
        + headerSha256
        + "\nexamples "
        + examples
        + " chunk "
        + chunk
        + " batch "
        + batch
        + "\n";
  }

  /** One chunk's line. */
  static String line(long chunkIndex, String checksum) {
    return chunkIndex + " " + checksum + "\n";
  }

  /** All lines. */
  String text() {
    StringBuilder text = new StringBuilder(preamble());
    for (int i = 0; i < chunks.size(); i++) {
      text.append(line(i, chunks.get(i)));
    }
    return fileSha256.isEmpty() ? text.toString() : text + "file " + fileSha256 + "\n";
  }

  /** These sums with the chunks and the digest replaced. */
  ChunkChecksums with(List<String> otherChunks, String otherFileSha256) {
    return new ChunkChecksums(headerSha256, examples, chunk, batch, otherChunks, otherFileSha256);
  }

  /**
   * Reads what is there: the text may end anywhere, as a killed process leaves it. Empty if even
   * the lines before the first chunk are not whole; chunks end at the first line that is not.
   */
  static Optional<ChunkChecksums> parse(String text) {
    String[] lines = text.split("\n", -1); // what follows the last line break is no whole line
    if (lines.length < 4
        || !lines[0].equals(FIRST_LINE)
        || !lines[1].matches("header [0-9a-f]{64}")
        || !lines[2].matches("examples [0-9]{1,18} chunk [1-9][0-9]{0,8} batch [1-9][0-9]{0,8}")) {
      return Optional.empty();
    }
    String[] numbers = lines[2].split(" ", -1);
    List<String> chunks = new ArrayList<>();
    int i = 3;
    while (i < lines.length - 1 && lines[i].matches(chunks.size() + " [0-9a-f]{8}")) {
      chunks.add(lines[i].substring(lines[i].indexOf(' ') + 1));
      i++;
    }
    boolean complete = i == lines.length - 2 && lines[i].matches("file [0-9a-f]{64}");
    return Optional.of(
        new ChunkChecksums(
            lines[1].substring("header ".length()),
            Long.parseLong(numbers[1]),
            Integer.parseInt(numbers[3]),
            Integer.parseInt(numbers[5]),
            chunks,
            complete ? lines[i].substring("file ".length()) : ""));
  }

  /** The checksum of what remains of the buffer; its position stays. */
  static String checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
