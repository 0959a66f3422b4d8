package org.distill4j.softlabels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.fault.RunFault;
import org.distill4j.safetensors.SafetensorsHeader;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Failpoint;
import org.distill4j.storage.Sha256;

/**
 * A file of labels on its way: {@code <name>.part} grows by one chunk after the other, and {@code
 * <name>.part.sums} notes each chunk that is there with its checksum.
 *
 * <p>Whoever opens it again keeps the chunks that still have their checksum, up to the first that
 * is missing or damaged. When all are there, the checksums move to {@code <name>.sums}, then the
 * labels to their name.
 */
final class LabelFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final Path notes;
  private final ChunkChecksums plan;
  private final long dataStart;
  private final long rowBytes;
  private final FileChannel labels;
  private final FileChannel progress;
  private final List<String> chunks = new ArrayList<>();
  private final Sha256 sha256 = new Sha256();

  private LabelFile(Path target, SafetensorsHeader header, ChunkChecksums plan) throws IOException {
    this.target = target;
    this.part = part(target);
    this.notes = SoftLabels.sums(part);
    this.plan = plan;
    this.dataStart = header.dataStart();
    this.rowBytes = plan.examples() == 0 ? 0 : (header.fileSize() - dataStart) / plan.examples();
    this.labels = open(part);
    try {
      this.progress = open(notes);
    } catch (IOException e) {
      labels.close();
      throw e;
    }
  }

  private static Path part(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /**
   * Starts a file or takes up where an earlier run was cut off.
   *
   * @param plan what the sums will be, without a chunk
   * @throws RunFault if another process is writing the same file
   */
  static LabelFile open(Path target, SafetensorsHeader header, ChunkChecksums plan)
      throws IOException {
    LabelFile file = new LabelFile(target, header, plan);
    try {
      file.lock();
      file.resume(header.toBytes());
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Whether a run that was cut off has left labels of this layout. */
  static boolean isBegun(Path target, SafetensorsHeader header) throws IOException {
    byte[] expected = header.toBytes();
    if (!Files.isRegularFile(part(target))) {
      return false;
    }
    try (InputStream there = Files.newInputStream(part(target))) {
      return Arrays.equals(there.readNBytes(expected.length), expected);
    }
  }

  /** Removes what a run left that was cut off after the labels had got their name. */
  static void deleteNotes(Path target) throws IOException {
    Files.deleteIfExists(SoftLabels.sums(part(target)));
  }

  private void lock() throws IOException {
    boolean locked;
    try {
      locked = labels.tryLock() != null; // until the channel is closed
    } catch (OverlappingFileLockException e) {
      locked = false;
    }
    if (!locked) {
      throw new RunFault(
          part + ": is being written by another run; wait for it or choose another folder");
    }
  }

  private void resume(byte[] header) throws IOException {
    if (isOfThisPlan(header)) {
      sha256.add(header);
      keepIntactChunks();
    } else {
      labels.truncate(0);
      AtomicFile.writeFully(labels, ByteBuffer.wrap(header));
      Failpoint.visit("labels-header-written");
      sha256.add(header);
    }
    labels.truncate(end()).position(end());
    String kept = plan.with(chunks, "").text();
    if (noted().startsWith(kept)) {
      progress.truncate(kept.length()).position(kept.length());
    } else {
      progress.truncate(0);
      note(kept);
    }
  }

  private boolean isOfThisPlan(byte[] header) throws IOException {
    ByteBuffer there = ByteBuffer.allocate(header.length);
    return read(there, 0)
        && Arrays.equals(there.array(), header)
        && ChunkChecksums.parse(noted()).map(s -> s.with(List.of(), "").equals(plan)).orElse(false);
  }

  private String noted() throws IOException {
    return Files.readString(notes, StandardCharsets.ISO_8859_1);
  }

  private void keepIntactChunks() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(Math.toIntExact(plan.chunk() * rowBytes));
    for (String checksum : ChunkChecksums.parse(noted()).orElseThrow().chunks()) {
      if (chunks.size() == plan.chunkCount()) {
        return;
      }
      chunk.clear().limit(Math.toIntExact(plan.rows(chunks.size()) * rowBytes));
      if (!read(chunk, end()) || !ChunkChecksums.checksum(chunk.flip()).equals(checksum)) {
        return;
      }
      sha256.add(chunk);
      chunks.add(checksum);
    }
  }

  /** Fills the buffer from a position in the labels; false if they end before it is full. */
  private boolean read(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int n = labels.read(buffer, at);
      if (n < 0) {
        return false;
      }
      at += n;
    }
    return true;
  }

  /** How many rows are there for good. */
  long rows() {
    return Math.min(plan.examples(), (long) chunks.size() * plan.chunk());
  }

  private long end() {
    return dataStart + rows() * rowBytes;
  }

  /** Adds the next chunk: what remains of the buffer. */
  void append(ByteBuffer chunk) throws IOException {
    String checksum = ChunkChecksums.checksum(chunk);
    sha256.add(chunk);
    int end = chunk.limit();
    AtomicFile.writeFully(labels, chunk.limit(chunk.position() + chunk.remaining() / 2));
    Failpoint.visit("labels-chunk-half");
    AtomicFile.writeFully(labels, chunk.limit(end));
    Failpoint.visit("labels-chunk-written");
    note(ChunkChecksums.line(chunks.size(), checksum));
    chunks.add(checksum);
    Failpoint.visit("labels-chunk-noted");
  }

  private void note(String lines) throws IOException {
    AtomicFile.writeFully(progress, ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Gives the labels their name. */
  void finish() throws IOException {
    labels.force(true);
    Failpoint.visit("labels-complete");
    ChunkChecksums sums = plan.with(chunks, sha256.hex());
    AtomicFile.write(SoftLabels.sums(target), "labels-sums", sums.text());
    close();
    Failpoint.visit("labels-synced");
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Failpoint.visit("labels-renamed");
    Files.deleteIfExists(notes);
  }

  @Override
  public void close() throws IOException {
    try {
      progress.close();
    } finally {
      labels.close();
    }
  }
}
