package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.distill4j.data.Dataset;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnNames;

/**
 * The columns of a table or of a file of numbers that hold one value in all training examples.
 *
 * @param names as messages call them: in quotes, or their places in the file, counting from 1
 * @param of how many columns a model sees
 */
record ConstantColumns(List<String> names, int of) {
  /** What is read for it at most, in numbers: a second or so. */
  private static final long READ = 100_000_000;

  /** Takes a copy. */
  ConstantColumns {
    names = List.copyOf(names);
  }

  /** Looks for them, as long as there may be any; none where the data have no columns. */
  static ConstantColumns of(Dataset train) {
    List<String> columns = new ArrayList<>();
    List<Integer> ends = new ArrayList<>(); // of each column's numbers in an example
    int width = Math.toIntExact(train.shape().elements());
    if (train.table().isPresent()) {
      for (Column column : train.table().get().columns()) {
        columns.add("'" + column.name() + "'");
        ends.add((ends.isEmpty() ? 0 : ends.get(ends.size() - 1)) + column.width());
      }
    } else if (train.columns().isPresent()) {
      for (int c = 0; c < width; c++) {
        columns.add(title(train.columns().get(), c));
        ends.add(c + 1);
      }
    }
    if (columns.isEmpty() || train.size() < 2 || width * train.size() > READ) {
      return new ConstantColumns(List.of(), columns.size());
    }
    BitSet still = constant(train, width);
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int start = c == 0 ? 0 : ends.get(c - 1);
      if (still.nextClearBit(start) >= ends.get(c)) {
        names.add(columns.get(c));
      }
    }
    return new ConstantColumns(names, columns.size());
  }

  /** What a column is called: by its name, else by its place, the label's counted too. */
  private static String title(ColumnNames columns, int input) {
    return columns.inputs().isEmpty()
        ? Integer.toString(input + (input + 1 < columns.place() ? 1 : 2))
        : "'" + columns.inputs().get(input) + "'";
  }

  /** The numbers that are the same in all examples. */
  private static BitSet constant(Dataset train, int width) {
    BitSet still = new BitSet(width);
    still.set(0, width);
    FloatBuffer values = FloatBuffer.allocate(width);
    train.read(0, values);
    float[] first = values.array().clone();
    for (long i = 1; i < train.size() && !still.isEmpty(); i++) {
      train.read(i, values.clear());
      float[] row = values.array();
      for (int k = still.nextSetBit(0); k >= 0; k = still.nextSetBit(k + 1)) {
        if (Float.compare(row[k], first[k]) != 0) {
          still.clear(k);
        }
      }
    }
    return still;
  }
}
