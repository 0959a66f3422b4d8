package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.table.Table;

/**
 * The test examples that a training part would hold too if each of its columns were drawn by
 * itself: many where few different rows are possible, as with yes and no in a dozen columns.
 *
 * <pre>{@code share = mean over the test examples of 1 - (1 - p)^n,  p = product of the shares of
 * an example's values in their columns}</pre>
 */
final class ChanceCopies {
  /** More columns than that never meet by chance. */
  private static final int MOST_COLUMNS = 64;

  private final Dataset train;
  private final Dataset test;
  private final int[] ends; // of each column's numbers

  ChanceCopies(Dataset train, Dataset test) {
    this.train = train;
    this.test = test;
    int numbers = Math.toIntExact(train.shape().elements());
    List<Integer> widths = train.table().map(Table::widths).orElse(List.of());
    this.ends = new int[widths.isEmpty() ? Math.min(numbers, MOST_COLUMNS + 1) : widths.size()];
    for (int c = 0; c < ends.length; c++) {
      ends[c] = (c == 0 ? 0 : ends[c - 1]) + (widths.isEmpty() ? 1 : widths.get(c));
    }
  }

  /** The share, 0 to 1; 0 where training rows are plainly copies of each other. */
  double share() {
    if (ends.length > MOST_COLUMNS) {
      return 0;
    }
    List<Map<Integer, Integer>> counts = counts();
    if (counts == null) {
      return 0;
    }
    double sum = 0;
    for (long i = 0; i < test.size(); i++) {
      int[] cells = cells(test, i);
      double p = 1;
      for (int c = 0; c < ends.length; c++) {
        p *= (double) counts.get(c).getOrDefault(cells[c], 0) / train.size();
      }
      sum += p >= 1 ? 1 : -Math.expm1(train.size() * Math.log1p(-p));
    }
    return sum / test.size();
  }

  /**
   * How often each value of each column occurs; null if one of several columns tells rows apart as
   * well as all of them do: columns that are drawn by themselves do not.
   */
  private List<Map<Integer, Integer>> counts() {
    List<Map<Integer, Integer>> counts = new ArrayList<>();
    for (int c = 0; c < ends.length; c++) {
      counts.add(new HashMap<>());
    }
    Set<Integer> rows = new HashSet<>();
    for (long i = 0; i < train.size(); i++) {
      int[] cells = cells(train, i);
      rows.add(Arrays.hashCode(cells));
      for (int c = 0; c < ends.length; c++) {
        counts.get(c).merge(cells[c], 1, Integer::sum);
      }
    }
    int most = counts.stream().mapToInt(Map::size).max().orElse(0);
    return ends.length > 1 && most == rows.size() ? null : counts;
  }

  /** What stands for the cell of each column. */
  private int[] cells(Dataset data, long index) {
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
    data.read(index, values);
    int[] cells = new int[ends.length];
    for (int c = 0; c < ends.length; c++) {
      cells[c] =
          Arrays.hashCode(Arrays.copyOfRange(values.array(), c == 0 ? 0 : ends[c - 1], ends[c]));
    }
    return cells;
  }
}
