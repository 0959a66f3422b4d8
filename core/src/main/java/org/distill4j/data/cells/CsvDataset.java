package org.distill4j.data.cells;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.distill4j.data.ClassNumbers;
import org.distill4j.data.MappedDataset;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.tensor.Shape;

/**
 * Rows of numbers with a label. The text is parsed once, into a binary file in the user's cache:
 *
 * <pre>{@code
 * little-endian: int32 features, int32 the largest label + 1, int64 rows,
 * then per row: float32 x features, int32 label (a class's place, or its number if it has no name)
 * }</pre>
 */
public final class CsvDataset extends MappedDataset {
  static final int HEAD = 16;

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
  private final CsvColumns columns;
  private final ClassNumbers numbers;

  private CsvDataset(
      String name,
      Shape shape,
      CsvColumns columns,
      List<String> classes,
      ClassNumbers numbers,
      UnpackedFolder.Unpacked content,
      Preprocessing preprocessing) {
    super(
        name,
        shape,
        classes,
        rows(content.file()),
        numbers.sha256(content.sha256()),
        preprocessing);
    this.file = content.file();
    this.features = file.intAt(0);
    this.columns = columns;
    this.numbers = numbers;
  }

  private static long rows(MappedFile file) {
    return file.slice(0, HEAD).getLong(8);
  }

  /**
   * Opens a file, parsed now or earlier.
   *
   * @param classes the class names, or none: then the numbers that there are. A label is a class's
   *     name, or its number
   * @param shape of one example; if absent {@code [features]}
   * @throws InputFault if a cell is not what it should be, or the shape does not fit
   */
  public static CsvDataset open(
      String name,
      CsvColumns columns,
      List<String> classes,
      Optional<Shape> shape,
      Preprocessing preprocessing,
      UnpackedFolder unpacked) {
    return open(name, columns, classes, shape, preprocessing, unpacked, false);
  }

  /**
   * The same.
   *
   * @param held whether to refuse numbers that floats do not tell apart, which a table scales
   */
  public static CsvDataset open(
      String name,
      CsvColumns columns,
      List<String> classes,
      Optional<Shape> shape,
      Preprocessing preprocessing,
      UnpackedFolder unpacked,
      boolean held) {
    String key =
        Sha256.ofTexts(
            held ? "csv 2, held" : "csv 2",
            columns.file().source().sum().sha256(),
            DigestText.of(columns.file().dialect()),
            columns.header().inFile() + " " + columns.inputs() + " " + columns.label(),
            String.join("\n", classes) + "\n");
    UnpackedFolder.Unpacked content =
        unpacked.open(key, channel -> new CsvParser(columns, classes, held).parse(channel));
    MappedFile file = content.file();
    int features = file.intAt(0);
    if (shape.isPresent() && shape.get().elements() != features) {
      throw new InputFault(
          "%s: %s numbers per line (expected: %s, for %s)"
              .formatted(columns.file().name(), features, shape.get().elements(), shape.get()));
    }
    ClassNumbers numbers =
        classes.isEmpty() ? ClassNumbers.of(labels(file)) : ClassNumbers.places(classes.size());
    return new CsvDataset(
        name,
        shape.orElseGet(() -> Shape.of(features)),
        columns,
        classes.isEmpty() ? numbers.names() : classes,
        numbers,
        content,
        preprocessing);
  }

  /** The labels that there are, plus one. */
  private static BitSet labels(MappedFile file) {
    BitSet met = new BitSet();
    long row = 4L * file.intAt(0) + 4;
    long rows = rows(file);
    for (long i = 0; i < rows; i++) {
      met.set(file.intAt(HEAD + (i + 1) * row - 4) + 1);
    }
    return met;
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
    return numbers.place(file.intAt(at(index) + 4L * features));
  }

  @Override
  public Optional<ColumnNames> columns() {
    return Optional.of(columns.names());
  }

  @Override
  public Optional<Dialect> dialect() {
    Dialect read = columns.file().dialect();
    String said = read.separator().equals(",") ? "" : read.separator(); // a comma need not be said
    return Optional.of(
        new Dialect(said, read.comment(), read.header(), read.encoding(), read.quotes()));
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>(columns.notes());
    for (int c = 0; c < features && columns.isTold(); c++) {
      if (countsRows(c)) {
        notes.add(
            "%s: column %s counts the rows and is taken for a number like others; 'table: {ignored: [...]}' leaves it out"
                .formatted(columns.file().shortName(), columns.title(columns.inputs().get(c))));
      }
    }
    return notes;
  }

  /** Whether an input goes up by one from row to row. */
  private boolean countsRows(int input) {
    float first = Float.intBitsToFloat(file.intAt(HEAD + 4L * input));
    long i = 1;
    while (i < size() && Float.intBitsToFloat(file.intAt(at(i) + 4L * input)) == first + i) {
      i++;
    }
    return i == size() && i > 2;
  }

  private long at(long index) {
    return HEAD + Objects.checkIndex(index, size()) * (4L * features + 4);
  }
}
