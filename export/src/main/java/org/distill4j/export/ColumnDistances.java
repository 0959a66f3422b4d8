package org.distill4j.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far two computations of the same numbers are apart, in each column of an output. */
final class ColumnDistances {
  private final double[] most;
  private final String[] where;
  private final double[] squares;
  private final long[] n;

  ColumnDistances(int columns) {
    this.most = new double[columns];
    this.where = new String[columns];
    this.squares = new double[columns];
    this.n = new long[columns];
    Arrays.fill(where, "");
  }

  void add(String example, double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      int c = i % most.length;
      double apart = a[i] == b[i] ? 0 : Math.abs(a[i] - b[i]);
      if (Double.isFinite(apart)) {
        if (apart > most[c]) {
          most[c] = apart;
          where[c] = example;
        }
        squares[c] += apart * apart;
      }
      n[c]++;
    }
  }

  /** Hears one example; tells what can be no rounding. */
  Optional<String> hear(String output, String example, double[] wanted, double[] got) {
    if (wanted.length != got.length) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "output '%s' has %d numbers on %s (expected: %d, as the model gives)",
              output,
              got.length,
              example,
              wanted.length));
    }
    for (int i = 0; i < wanted.length; i++) {
      boolean same = wanted[i] == got[i]; // infinities too
      if (!same && !Double.isFinite(wanted[i] - got[i])) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "output '%s' is %s on %s (expected: %.4g, as the model answers)",
                output,
                Double.isNaN(got[i]) ? "NaN" : Double.toString(got[i]),
                example,
                wanted[i]));
      }
    }
    add(example, wanted, got);
    return Optional.empty();
  }

  double most(int column) {
    return most[column];
  }

  /** On which example a column is furthest off. */
  String where(int column) {
    return where[column];
  }

  /** The root mean square of a column. */
  double onAverage(int column) {
    return n[column] == 0 ? 0 : Math.sqrt(squares[column] / n[column]);
  }

  /** The same of all columns together. */
  double onAverage() {
    long all = Arrays.stream(n).sum();
    return all == 0 ? 0 : Math.sqrt(Arrays.stream(squares).sum() / all);
  }

  /** Of each column the largest of several computations; none if there are none. */
  static double[] largest(List<ColumnDistances> several, int columns) {
    double[] largest = new double[columns];
    several.forEach(one -> Arrays.setAll(largest, c -> Math.max(largest[c], one.most[c])));
    return largest;
  }

  /** The same of the root mean squares. */
  static double[] largestOnAverage(List<ColumnDistances> several, int columns) {
    double[] largest = new double[columns];
    several.forEach(one -> Arrays.setAll(largest, c -> Math.max(largest[c], one.onAverage(c))));
    return largest;
  }

  /** How many numbers are others. */
  static long others(double[] a, double[] b) {
    long others = 0;
    for (int i = 0; i < a.length; i++) {
      others += a[i] == b[i] ? 0 : 1;
    }
    return others;
  }

  /** The largest number of each column; infinite ones say nothing. */
  static double[] sizes(double[] values, int columns) {
    ColumnDistances size = new ColumnDistances(columns);
    size.add("", values, new double[values.length]);
    return size.most;
  }

  /** How many times as large the largest of some is as that of others, at least once. */
  static double growth(double[] before, double[] after) {
    double usual = Arrays.stream(before).max().orElse(0);
    double now = Arrays.stream(after).max().orElse(0);
    return usual > 0 && now > usual ? now / usual : 1;
  }
}
