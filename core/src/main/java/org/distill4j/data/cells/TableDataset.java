package org.distill4j.data.cells;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.distill4j.data.MappedDataset;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Column;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/** Rows of a table as a model takes them: numbers scaled, names as one number each. */
public final class TableDataset extends MappedDataset {
  /** One thread's room for one row. */
  private static final class Room {
    byte[] bytes = new byte[0];
    DoubleBuffer raw = DoubleBuffer.allocate(0);
    float[] encoded = new float[0];

    void hold(int rowBytes, int width) {
      if (bytes.length < rowBytes) {
        bytes = new byte[rowBytes];
        raw = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
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
  private final List<String> notes;
  private final int width;
  private final boolean isFitted;
  private final int[][] places; // of each column's dictionary in its vocabulary; null for numbers
  private final int[] missingPlaces; // of each column's empty cells; -1 for none
  private final int[] widths;
  private final double[] offsets;
  private final double[] scales;
  private final boolean[] isLog;

  /**
   * Encodes a parsed file.
   *
   * @param table has the file's columns, in their order
   * @param dialect how the file is written, as far as it had to be said
   * @param notes what a person should know of how the file was read and the table fitted
   */
  public TableDataset(
      String name, RawTable raw, Table table, TaskType task, Dialect dialect, List<String> notes) {
    super(
        name,
        Shape.of(table.width()),
        table.answers(raw.head().names()),
        raw.rows().rows(),
        Sha256.ofTexts("table", raw.sha256(), DigestText.of(table), task.spelling()),
        Preprocessing.NONE);
    this.raw = raw;
    this.table = table;
    this.task = task;
    this.dialect = dialect;
    this.notes = List.copyOf(notes);
    this.width = table.width();
    this.isFitted = raw.head().columns().stream().allMatch(RawTable.RawColumn::isSurveyed);
    int columns = table.columns().size();
    this.places = new int[columns][];
    this.missingPlaces = new int[columns];
    this.widths = new int[columns];
    this.offsets = new double[columns];
    this.scales = new double[columns];
    this.isLog = new boolean[columns];
    for (int c = 0; c < places.length; c++) {
      Column column = table.columns().get(c);
      widths[c] = column.width();
      if (column instanceof Column.Categorical names) {
        missingPlaces[c] = names.missingPlace();
        places[c] = names.places(raw.head().columns().get(c).dictionary());
      } else if (column instanceof Column.Scaled scaled) {
        missingPlaces[c] = scaled.missing() ? 1 : -1;
        offsets[c] = scaled.offset();
        scales[c] = scaled.scale();
        isLog[c] = scaled.log();
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
      double cell = room.raw.get(c);
      if (places[c] == null && !Double.isNaN(cell)) {
        double raw = isLog[c] ? Column.Scaled.logarithm(cell) : cell;
        encoded[at] = (float) ((raw - offsets[c]) / scales[c]);
      } else {
        int place = places[c] == null || cell < 0 ? missingPlaces[c] : places[c][(int) cell];
        if (place >= 0) {
          encoded[at + place] = 1;
        }
      }
      at += widths[c];
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
    return (int) raw.truth(Objects.checkIndex(index, size()), 0);
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    if (task == TaskType.SINGLE_LABEL) {
      super.targets(index, target);
      return;
    }
    for (int i = 0; i < classes().size(); i++) {
      target.put((float) (raw.truth(Objects.checkIndex(index, size()), i) - table.origin(i)));
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

  @Override
  public List<String> columnLines() {
    return ColumnLines.of(raw.head(), table);
  }

  @Override
  public List<String> notes() {
    List<String> all = new ArrayList<>(raw.head().notes());
    all.addAll(notes);
    all.addAll(unseen().notes(raw.file(), table, size()));
    return all;
  }

  /**
   * Empty cells and names without a place of their own; such names of the file that was fitted are
   * rare, not unknown.
   */
  private UnseenCells unseen() {
    UnseenCells unseen = new UnseenCells();
    for (int c = 0; c < places.length; c++) {
      if (!table.columns().get(c).missing()) {
        unseen.addEmpty(table.columns().get(c).name(), raw.head().columns().get(c).empty());
      }
      if (table.columns().get(c) instanceof Column.Categorical names
          && !(isFitted && names.other())
          && !Arrays.stream(places[c]).allMatch(names::isKnown)) {
        List<String> dictionary = raw.head().columns().get(c).dictionary();
        for (long row = 0; row < size(); row++) {
          int code = (int) raw.cell(row, c);
          if (code >= 0 && !names.isKnown(places[c][code])) {
            unseen.add(names.name(), dictionary.get(code));
          }
        }
      }
    }
    return unseen;
  }
}
