package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Dataset;

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
    Map<String, Integer> widths = train.columnWidths();
    int width = Math.toIntExact(train.shape().elements());
    if (widths.isEmpty() || train.size() < 2 || width * train.size() > READ) {
      return new ConstantColumns(List.of(), widths.size());
    }
    BitSet still = constant(train, width);
    List<String> names = new ArrayList<>();
    int start = 0;
    for (Map.Entry<String, Integer> column : widths.entrySet()) {
      int end = start + column.getValue();
      if (still.nextClearBit(start) >= end) {
        names.add(column.getKey());
      }
      start = end;
    }
    return new ConstantColumns(names, widths.size());
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
