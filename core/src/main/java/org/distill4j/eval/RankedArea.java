package org.distill4j.eval;

import java.util.Arrays;

/**
 * The area under a ROC curve with its placement values, by which areas have errors and are
 * compared.
 *
 * <p>The placement of an example of the class is the share of the others that score lower, that of
 * any other the share of the class's examples that score higher, equal scores counting one half.
 * Both have the area as their mean. With S the covariance of two models' placements over the p
 * examples of the class, and likewise over the m others:
 *
 * <pre>{@code cov(A1, A2) = S_class / p + S_others / m}</pre>
 *
 * @see <a href="https://doi.org/10.2307/2531595">DeLong, DeLong and Clarke-Pearson, 1988</a>
 */
final class RankedArea {
  private final double area; // 0 to 1
  private final double[] placements; // of each example
  private final boolean[] has; // whether it has the class

  private RankedArea(double area, double[] placements, boolean[] has) {
    this.area = area;
    this.placements = placements;
    this.has = has;
  }

  /** Of the second of two classes. */
  static RankedArea of(Predictions predictions) {
    int n = predictions.size();
    long[] sorted = new long[n];
    boolean[] has = new boolean[n];
    int positives = 0;
    for (int i = 0; i < n; i++) {
      sorted[i] = (long) Ranking.ordered(predictions.odds(i)) << 32 | i;
      has[i] = predictions.truth(i) == 1;
      positives += has[i] ? 1 : 0;
    }
    Arrays.sort(sorted);
    double[] placements = new double[n];
    double area = 0;
    int othersBelow = 0;
    int positivesBelow = 0;
    for (int from = 0; from < n; ) {
      int to = from;
      int equal = 0;
      for (; to < n && sorted[to] >> 32 == sorted[from] >> 32; to++) {
        equal += has[(int) sorted[to]] ? 1 : 0;
      }
      int equalOthers = to - from - equal;
      for (int k = from; k < to; k++) {
        int i = (int) sorted[k];
        placements[i] =
            has[i]
                ? (othersBelow + equalOthers / 2.0) / (n - positives)
                : (positives - positivesBelow - equal / 2.0) / positives;
        area += has[i] ? placements[i] / positives : 0;
      }
      othersBelow += equalOthers;
      positivesBelow += equal;
      from = to;
    }
    return new RankedArea(area, placements, has);
  }

  /** The area with its interval. */
  Estimate estimate() {
    double error = Math.sqrt(covariance(this));
    return error > 0 && rarer() > 1
        ? new Estimate(
            area, area - Estimate.Z * error, Math.min(1, area + Estimate.Z * error), has.length)
        : byRarerClass();
  }

  /**
   * Where all pairs are in one order DeLong's error is 0 however few they are, and of one example
   * of a class it knows no error: Wilson's interval of as many as the rarer class stands in.
   */
  private Estimate byRarerClass() {
    int rarer = rarer();
    Estimate share = Estimate.share(Math.round(area * rarer), rarer);
    return new Estimate(area, share.low(), share.high(), has.length);
  }

  private int rarer() {
    return (int) Math.min(count(true), count(false));
  }

  /**
   * This area less another one on the same examples, with its interval; of one example of a class
   * anything may be.
   */
  Estimate ahead(RankedArea other) {
    if (rarer() < 2) {
      return new Estimate(area - other.area, -1, 1, has.length);
    }
    double square = covariance(this) + other.covariance(other) - 2 * covariance(other);
    return Estimate.normal(area - other.area, Math.sqrt(Math.max(0, square)), has.length);
  }

  private double covariance(RankedArea other) {
    return covariance(other, true) + covariance(other, false);
  }

  /** Over the examples of the class, or over the others; divided by how many they are. */
  private double covariance(RankedArea other, boolean of) {
    double sum = 0;
    for (int i = 0; i < has.length; i++) {
      if (has[i] == of) {
        sum += (placements[i] - area) * (other.placements[i] - other.area);
      }
    }
    double count = count(of);
    return sum / Math.max(1, count - 1) / count;
  }

  private long count(boolean of) {
    long count = 0;
    for (boolean one : has) {
      count += one == of ? 1 : 0;
    }
    return count;
  }
}
