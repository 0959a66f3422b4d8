package org.distill4j.data.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.MappedDataset;
import org.distill4j.data.Subset;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnFit;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/** Rows of a table as a model takes them: numbers scaled, names as one number each. */
final class TableDataset extends MappedDataset {
  /** One thread's room for one row. */
  private static final class Room {
    byte[] bytes = new byte[0];
    FloatBuffer raw = FloatBuffer.allocate(0);
    float[] encoded = new float[0];

    void hold(int rowBytes, int width) {
      if (bytes.length < rowBytes) {
        bytes = new byte[rowBytes];
        raw = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      }
      if (encoded.length < width) {
        encoded = new float[width];
      }
    }
  }

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  private final RawTable raw;
  private final Table table;
  private final TaskType task;
  private final Dialect dialect;
  private final int width;
  private final int truthAt;
  private final int[][] places; // of each column's dictionary in its vocabulary; null for numbers

  /**
   * Encodes a parsed file.
   *
   * @param table has the file's columns, in their order
   * @param dialect how the file is written, as far as it had to be said
   */
  TableDataset(String name, RawTable raw, Table table, TaskType task, Dialect dialect) {
    super(
        name,
        Shape.of(table.width()),
        raw.head().names(),
        raw.rows().rows(),
        Sha256.ofTexts("table", raw.sha256(), DigestText.of(table), task.spelling()),
        Preprocessing.NONE);
    this.raw = raw;
    this.table = table;
    this.task = task;
    this.dialect = dialect;
    this.width = table.width();
    this.truthAt = Float.BYTES * raw.head().columns().size();
    this.places = new int[table.columns().size()][];
    for (int c = 0; c < places.length; c++) {
      if (table.columns().get(c) instanceof Column.Categorical names) {
        places[c] =
            raw.head().columns().get(c).dictionary().stream().mapToInt(names::place).toArray();
      }
    }
  }

  @Override
  public void read(long index, FloatBuffer target) {
    Room room = ROOM.get();
    room.hold(raw.rows().rowBytes(), width);
    raw.rows().copy(Objects.checkIndex(index, size()), room.bytes);
    float[] encoded = room.encoded;
    Arrays.fill(encoded, 0, width, 0);
    int at = 0;
    for (int c = 0; c < places.length; c++) {
      Column column = table.columns().get(c);
      if (column instanceof Column.Numeric numeric) {
        numeric.put(room.raw.get(c), encoded, at);
        at += numeric.missing() ? 2 : 1;
      } else if (column instanceof Column.Categorical names) {
        int code = (int) room.raw.get(c);
        int place = code < 0 ? names.missingPlace() : places[c][code];
        if (place >= 0) {
          encoded[at + place] = 1;
        }
        at += names.width();
      }
    }
    target.put(encoded, 0, width);
  }

  @Override
  public TaskType task() {
    return task;
  }

  @Override
  public int label(long index) {
    if (task != TaskType.SINGLE_LABEL) {
      throw new IllegalStateException("task: " + task.spelling() + " (expected: single-label)");
    }
    return (int) raw.rows().floatAt(Objects.checkIndex(index, size()), truthAt);
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    if (task == TaskType.SINGLE_LABEL) {
      super.targets(index, target);
      return;
    }
    for (int i = 0; i < classes().size(); i++) {
      target.put(raw.rows().floatAt(Objects.checkIndex(index, size()), truthAt + Float.BYTES * i));
    }
  }

  @Override
  public Optional<Table> table() {
    return Optional.of(table);
  }

  @Override
  public Optional<Dialect> dialect() {
    return Optional.of(dialect);
  }

  /** What the columns are by the rows that a model is trained on. */
  static Table fit(RawTable raw, TableSettings settings, Dataset train) {
    List<ColumnFit> fits =
        raw.head().columns().stream().map(column -> fit(column, settings)).toList();
    for (long i = 0; i < train.size(); i++) {
      long row = train instanceof Subset subset ? subset.indexInAll(i) : i;
      for (int c = 0; c < fits.size(); c++) {
        float cell = raw.cell(row, c);
        if (fits.get(c) instanceof ColumnFit.Numbers numbers) {
          numbers.add(cell);
        } else if (fits.get(c) instanceof ColumnFit.Names names) {
          names.add((int) cell);
        }
      }
    }
    return new Table(
        fits.stream().map(ColumnFit::column).toList(), raw.head().label(), settings.missing());
  }

  private static ColumnFit fit(RawTable.RawColumn column, TableSettings settings) {
    return column.numeric()
        ? new ColumnFit.Numbers(
            column.name(), settings.log().contains(column.name()), settings.scaling())
        : new ColumnFit.Names(column.name(), column.dictionary(), settings.categories());
  }
}
