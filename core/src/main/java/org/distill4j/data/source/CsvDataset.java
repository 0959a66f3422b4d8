package org.distill4j.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.distill4j.data.MappedDataset;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Cells;
import org.distill4j.table.Dialect;
import org.distill4j.tensor.Shape;

/**
 * Rows of numbers with a label. The text is parsed once, into a binary file in the user's cache:
 *
 * <pre>{@code
 * little-endian: int32 features, int32 classes (the largest label + 1), int64 rows,
 * then per row: float32 x features, int32 label
 * }</pre>
 */
final class CsvDataset extends MappedDataset {
  /** Labels without class names beyond this are taken for something else. */
  private static final int MOST_CLASSES = 65_536;

  private static final String TABLE =
      "; a header and the setting 'table: {}' allow names and empty cells";

  private static final int HEAD = 16;

  /** One thread's room for one example: its bytes, and the same bytes seen as floats. */
  private static final class Room {
    byte[] bytes = new byte[0];
    FloatBuffer floats = FloatBuffer.allocate(0);

    void hold(int length) {
      if (bytes.length < length) {
        bytes = new byte[length];
        floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      }
    }
  }

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  private final MappedFile file;
  private final int features;

  private CsvDataset(
      String name,
      Shape shape,
      List<String> classes,
      UnpackedFolder.Unpacked content,
      Preprocessing preprocessing) {
    super(name, shape, classes, rows(content.file()), content.sha256(), preprocessing);
    this.file = content.file();
    this.features = file.intAt(0);
  }

  private static long rows(MappedFile file) {
    return file.slice(0, HEAD).getLong(8);
  }

  /**
   * Opens a file, parsed now or earlier.
   *
   * @param label the label's column: its name, its number counting from 1, or blank for the last
   * @param classes the class names, or none: then 0 to the largest label. A label is a class's
   *     number or its name
   * @param shape of one example; if absent {@code [features]}
   * @throws InputFault if a cell is not what it should be, or the shape does not fit
   */
  static CsvDataset open(
      String name,
      ByteSource source,
      String label,
      List<String> classes,
      Optional<Shape> shape,
      Preprocessing preprocessing,
      UnpackedFolder unpacked) {
    String key =
        Sha256.ofTexts("csv", source.sum().sha256(), label, String.join("\n", classes) + "\n");
    UnpackedFolder.Unpacked content =
        unpacked.open(key, channel -> parse(source, label, classes, channel));
    int features = content.file().intAt(0);
    if (shape.isPresent() && shape.get().elements() != features) {
      throw new InputFault(
          "%s: %d numbers per line (expected: %d, for %s)"
              .formatted(source.name(), features, shape.get().elements(), shape.get()));
    }
    List<String> names = classes.isEmpty() ? IdxDataset.numbers(content.file().intAt(4)) : classes;
    return new CsvDataset(
        name, shape.orElseGet(() -> Shape.of(features)), names, content, preprocessing);
  }

  private static void parse(ByteSource source, String label, List<String> classes, FileChannel to)
      throws IOException {
    try (CellReader lines = CellFile.of(source, Dialect.USUAL.separator(',')).open()) {
      List<String> cells = lines.next();
      if (cells == null) {
        throw new InputFault(source.name() + ": no lines (expected: at least one example)");
      }
      CsvColumns columns = CsvColumns.of(source.name(), cells, label);
      cells = columns.hasHeader() ? lines.next() : cells;
      ByteBuffer rows =
          ByteBuffer.allocateDirect(Math.max(1 << 16, 4 * columns.count()))
              .order(ByteOrder.LITTLE_ENDIAN);
      to.position(HEAD);
      long count = 0;
      int largest = 0;
      for (; cells != null; cells = lines.next(), count++) {
        if (rows.remaining() < 4 * columns.count()) {
          AtomicFile.writeFully(to, rows.flip());
          rows.clear();
        }
        largest = Math.max(largest, parse(columns, lines.number(), cells, classes, rows));
      }
      if (count == 0) {
        throw new InputFault(source.name() + ": a header only (expected: at least one example)");
      }
      AtomicFile.writeFully(to, rows.flip());
      rows.clear().putInt(columns.features()).putInt(largest + 1).putLong(count);
      to.position(0);
      AtomicFile.writeFully(to, rows.flip());
    }
  }

  /** Puts one line's numbers and its label; returns the label. */
  private static int parse(
      CsvColumns columns, long line, List<String> cells, List<String> classes, ByteBuffer rows) {
    if (cells.size() != columns.count()) {
      throw new InputFault(
          "%s:%d: %d columns (expected: %d, as the first line has)"
              .formatted(columns.file(), line, cells.size(), columns.count()));
    }
    for (int i = 0; i < cells.size(); i++) {
      if (i != columns.label()) {
        float value = Cells.number(cells.get(i));
        if (Float.isNaN(value)) {
          throw columns.bad(line, i, cells.get(i), "a finite number", TABLE);
        }
        rows.putFloat(value);
      }
    }
    int label = label(columns, line, cells.get(columns.label()), classes);
    rows.putInt(label);
    return label;
  }

  private static int label(CsvColumns columns, long line, String cell, List<String> classes) {
    int named = classes.indexOf(cell);
    if (named >= 0) {
      return named;
    }
    int most = classes.isEmpty() ? MOST_CLASSES : classes.size();
    float value = Cells.number(cell);
    if (value >= 0 && value < most && value == (int) value) {
      return (int) value;
    }
    String range = "a class, 0 to " + (most - 1);
    throw columns.bad(
        line,
        columns.label(),
        cell,
        classes.isEmpty()
            ? range + "; names need the setting classes"
            : range + " or one of " + classes.subList(0, Math.min(most, 10)),
        "");
  }

  @Override
  public void read(long index, FloatBuffer target) {
    Room room = ROOM.get();
    room.hold(4 * features);
    file.copy(at(index), room.bytes, 4 * features);
    target.put(target.position(), room.floats, 0, features);
    target.position(target.position() + features);
  }

  @Override
  public int label(long index) {
    return file.intAt(at(index) + 4L * features);
  }

  private long at(long index) {
    return HEAD + Objects.checkIndex(index, size()) * (4L * features + 4);
  }
}
