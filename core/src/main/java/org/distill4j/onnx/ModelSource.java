package org.distill4j.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;

/**
 * Where a model comes from: its name in messages, the folder that its external data must lie in,
 * and how much heap its reading may still take.
 *
 * <p>A file can ask for far more heap than it has bytes: two bytes spell an empty node, one byte an
 * eight-byte integer. So whoever keeps something takes its share first, and a model that asks for
 * more than half the heap is refused instead of exhausting it.
 */
final class ModelSource {
  private final String name;
  private final Optional<Path> file;
  private final long room = Runtime.getRuntime().maxMemory() / 2;
  private final Set<Path> others = new TreeSet<>();
  private long taken;

  /**
   * A model.
   *
   * @param file empty for a model in memory
   */
  ModelSource(String name, Optional<Path> file) {
    this.name = name;
    this.file = file.map(Path::toAbsolutePath);
  }

  /** The folder of the model's file; empty for a model in memory. */
  Optional<Path> folder() {
    return file.map(f -> f.getParent() == null ? f : f.getParent());
  }

  /**
   * Whether a file lies beneath the folder of the model's name, or beneath that of the file which
   * this name is a link to: a hub's cache has names in one folder and contents in another.
   *
   * @param other without links
   */
  boolean isBeside(Path other) throws IOException {
    return file.isPresent()
        && (other.startsWith(folder().orElseThrow().toRealPath())
            || other.startsWith(file.get().toRealPath().getParent()));
  }

  /** Notes a file beside the model that arrays lie in. */
  void uses(Path other) {
    others.add(other);
  }

  /** The files beside the model that arrays lie in. */
  Set<Path> others() {
    return others;
  }

  /** A fault of this model, to be thrown. */
  InputFault fault(String line) {
    return new InputFault(name + ": " + oneLine(line));
  }

  /** A fault of this model with the exception that brought it to light, to be thrown. */
  InputFault fault(String line, Throwable cause) {
    return new InputFault(name + ": " + oneLine(line), cause);
  }

  /** Throws the fault unless it holds. */
  void require(boolean holds, String line) {
    if (!holds) {
      throw fault(line);
    }
  }

  /** Accounts for heap that is about to be taken. */
  void take(long bytes) {
    taken += bytes;
    if (taken > room) {
      throw fault(
          "asks for more than "
              + room / (1 << 20)
              + " MB of heap (expected: at most half of it); give more by -Xmx, or store the arrays"
              + " as raw data");
    }
  }

  /** Names come from the file: a line break in one must not break the message's line. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
