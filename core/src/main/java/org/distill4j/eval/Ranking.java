package org.distill4j.eval;

import java.util.Arrays;

/**
 * The scores that examples got for one class, to be ranked.
 *
 * @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley and McNeil, 1982</a>
 */
final class Ranking {
  private long[] scored; // the score's order, then whether it has the class
  private int count;
  private int positives;

  /** Has room for so many examples, and finds more if they come. */
  Ranking(int examples) {
    this.scored = new long[Math.max(1, examples)];
  }

  /** Adds an example. */
  void add(float score, boolean has) {
    scored = count == scored.length ? Arrays.copyOf(scored, 2 * count) : scored;
    scored[count++] = (long) ordered(score) << 1 | (has ? 1 : 0);
    positives += has ? 1 : 0;
  }

  /** As floats are ordered, so these ints are. */
  static int ordered(float score) {
    int bits = Float.floatToIntBits(score == 0 ? 0f : score);
    return bits < 0 ? ~bits ^ 0x80000000 : bits;
  }

  /**
   * The area under the ROC curve, 0 to 1: how likely an example of the class scores higher than one
   * without it, equal scores counting one half.
   *
   * <pre>{@code AUC = (sum of the ranks of the class's examples - p (p + 1) / 2) / (p (n - p))}
   * </pre>
   *
   * <p>Equal scores share their mean rank. NaN if all examples or none have the class.
   */
  double auc() {
    long negatives = count - (long) positives;
    if (positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(scored, count);
    Arrays.sort(sorted);
    double ranks = 0;
    for (int from = 0; from < count; ) {
      int to = from;
      int having = 0;
      while (to < count && sorted[to] >> 1 == sorted[from] >> 1) {
        having += (int) (sorted[to] & 1);
        to++;
      }
      ranks += having * (from + 1 + to) / 2.0; // ranks from + 1 .. to
      from = to;
    }
    double p = positives;
    return (ranks - p * (p + 1) / 2) / (p * negatives);
  }

  /**
   * The area under precision and recall, 0 to 1: over the scores from the highest down the
   * precision of all that score as high, times the recall that they add. NaN if no example has the
   * class.
   */
  double averagePrecision() {
    long[] sorted = Arrays.copyOf(scored, count);
    Arrays.sort(sorted);
    double area = 0;
    int found = 0;
    for (int to = count; to > 0; ) {
      int from = to;
      int having = 0;
      while (from > 0 && sorted[from - 1] >> 1 == sorted[to - 1] >> 1) {
        having += (int) (sorted[--from] & 1);
      }
      found += having;
      area += having * (double) found / (count - from);
      to = from;
    }
    return area / positives;
  }
}
