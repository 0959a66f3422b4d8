package org.distill4j.safetensors;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.safetensors.SafetensorsHeader.Entry;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.HostTensor;

/**
 * A safetensors file of any size, mapped: opening it reads the header only, and its arrays take no
 * heap. Safe to use from several threads.
 *
 * <p>Whatever the header claims is checked before it is believed: its length against the file's,
 * every shape against the array's bytes, and that the arrays fill the file without gap or overlap.
 */
public final class SafetensorsFile {
  private final MappedFile file;
  private final SafetensorsHeader header;

  private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws InputFault if it cannot be read, is cut off, or says what cannot be
   */
  public static SafetensorsFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    return new SafetensorsFile(file, HeaderReader.read(file));
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** Its length in bytes. */
  public long size() {
    return file.size();
  }

  /** What it holds and where. */
  public SafetensorsHeader header() {
    return header;
  }

  /** Its texts by key. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The names of its arrays in the order of their bytes. */
  public List<String> names() {
    return header.entries().stream().map(Entry::name).toList();
  }

  /**
   * An array as a view of the mapped file.
   *
   * @throws InputFault if there is none of that name, or if it has more than {@link
   *     MappedFile#MAX_SLICE} bytes; {@link #slice} reads such a one piece by piece
   */
  public HostTensor tensor(String name) {
    Entry entry = entry(name);
    long bytes = entry.end() - entry.begin();
    if (bytes > MappedFile.MAX_SLICE) {
      throw new InputFault(
          "%s array '%s': %s bytes (expected: at most %s to be read at once)"
              .formatted(path(), name, bytes, MappedFile.MAX_SLICE));
    }
    return HostTensor.of(entry.type(), entry.shape(), slice(name, 0, (int) bytes));
  }

  /**
   * Some bytes of an array, little-endian, without copying.
   *
   * @param offset counted from the array's first byte
   * @param length at most {@link MappedFile#MAX_SLICE}
   */
  public ByteBuffer slice(String name, long offset, int length) {
    Entry entry = entry(name);
    long bytes = entry.end() - entry.begin();
    if (offset < 0 || length < 0 || offset > bytes - length) {
      throw new IllegalArgumentException(
          "%s array '%s': bytes %s + %s (expected: within %s)"
              .formatted(path(), name, offset, length, bytes));
    }
    return file.slice(header.dataStart() + entry.begin() + offset, length);
  }

  private Entry entry(String name) {
    return header
        .entry(name)
        .orElseThrow(
            () ->
                new InputFault(
                    "%s array '%s': is not there (expected: one of %s)"
                        .formatted(path(), name, names())));
  }
}
