package org.distill4j.export;

import java.util.Arrays;
import java.util.List;
import org.distill4j.tensor.Differences;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The numbers of an output by columns, which are the places along its last axis: a price and a
 * count of rooms are of other sizes. All are one column where few numbers say how large each is.
 */
final class OutputColumns {
  private static final int ENOUGH = 8;

  private final int count;
  private final double[] most;
  private final double[] sum;
  private final double[] squares;
  private final long[] n;

  /** Takes what an output is on examples. */
  OutputColumns(List<HostTensor> examples) {
    this.count = count(examples);
    this.most = new double[count];
    this.sum = new double[count];
    this.squares = new double[count];
    this.n = new long[count];
  }

  private static int count(List<HostTensor> examples) {
    long last = 0;
    long all = 0;
    for (HostTensor one : examples) {
      Shape shape = one.shape();
      long size = shape.rank() < 2 ? 1 : shape.size(shape.rank() - 1);
      last = all == 0 || last == size ? size : 1;
      all += one.elements();
    }
    return last > 1 && all / last >= ENOUGH ? (int) last : 1;
  }

  int count() {
    return count;
  }

  /** Hears the numbers of an example; infinite ones say nothing. */
  void add(double... values) {
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      if (Double.isFinite(value)) {
        int c = i % count;
        most[c] = Math.abs(value) > most[c] ? Math.abs(value) : most[c];
        sum[c] += value;
        squares[c] += value * value;
        n[c]++;
      }
    }
  }

  /** The largest number of a column. */
  double scale(int column) {
    return most[column];
  }

  /** How far the numbers of each column are from its mean. */
  double[] deviations() {
    double[] all = new double[count];
    Arrays.setAll(all, c -> deviation(n[c], sum[c], squares[c]));
    return all;
  }

  /** How far all numbers are from one mean. */
  double deviation() {
    return deviation(
        Arrays.stream(n).sum(), Arrays.stream(sum).sum(), Arrays.stream(squares).sum());
  }

  private static double deviation(long n, double sum, double squares) {
    return n == 0 ? 0 : Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
  }

  /** The largest of some numbers, one for each column, among those columns that are of a kind. */
  double[] alike(double... each) {
    return Differences.alike(most, each);
  }
}
