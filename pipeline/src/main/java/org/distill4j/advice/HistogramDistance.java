package org.distill4j.advice;

import org.distill4j.tensor.Differences;

/**
 * Distances of two distributions over the same bins.
 *
 * <pre>{@code
 * L∞ = max over k of |p_k - q_k|
 * JS = (KL(p ‖ m) + KL(q ‖ m)) / 2, m = (p + q) / 2, in bits: 0 where equal, 1 where apart
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/18.61115">Lin, 1991, for the Jensen-Shannon divergence</a>
 */
final class HistogramDistance {
  private HistogramDistance() {}

  /** The largest difference of a share, 0 to 1. */
  static double furthest(double[] p, double[] q) {
    double most = 0;
    for (int k = 0; k < p.length; k++) {
      most = Differences.larger(most, p[k], q[k]);
    }
    return most;
  }

  /** The Jensen-Shannon divergence in bits, 0 to 1. */
  static double jensenShannon(double[] p, double[] q) {
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      double m = (p[k] + q[k]) / 2;
      sum += term(p[k], m) + term(q[k], m);
    }
    return Math.max(0, sum / 2 / Math.log(2));
  }

  private static double term(double p, double m) {
    return p > 0 ? p * Math.log(p / m) : 0;
  }

  /** Counts as shares. */
  static double[] shares(long[] counts) {
    double all = 0;
    for (long count : counts) {
      all += count;
    }
    double[] shares = new double[counts.length];
    for (int k = 0; k < counts.length; k++) {
      shares[k] = counts[k] / Math.max(1, all);
    }
    return shares;
  }
}
