package org.distill4j.eval;

import java.util.List;

/**
 * An estimate from a sample of examples, with its confidence interval.
 *
 * @param value the point estimate
 * @param low lower end of the 95 % confidence interval
 * @param high upper end of it
 * @param n how many examples it rests on, at least 1
 */
public record Estimate(double value, double low, double high, int n) {
  /** The 97.5 % quantile of the standard normal distribution. */
  static final double Z = 1.959963984540054;

  /** Checks the bounds. */
  public Estimate {
    if (n < 1) {
      throw new IllegalArgumentException("n: " + n + " (expected: >= 1)");
    }
  }

  /**
   * A share, with Wilson's score interval, which stays within 0..1 and holds near both ends.
   *
   * <pre>{@code (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n)}</pre>
   *
   * @param hits of n, 0 to n
   * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson, 1927</a>
   */
  public static Estimate share(long hits, int n) {
    if (hits < 0 || hits > n) {
      throw new IllegalArgumentException(
          "hits, n: " + hits + ", " + n + " (expected: 0 <= hits <= n)");
    }
    double p = (double) hits / n;
    double z2 = Z * Z / n;
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n));
    double centre = p + z2 / 2;
    return new Estimate(
        p,
        hits == 0 ? 0 : (centre - half) / (1 + z2),
        hits == n ? 1 : (centre + half) / (1 + z2),
        n);
  }

  /** {@code value ± 1.96 error}. */
  static Estimate normal(double value, double error, int n) {
    return new Estimate(value, value - Z * error, value + Z * error, n);
  }

  /**
   * The mean over seeds on the same examples. Each end is the mean's distance from what examples
   * leave open, the mean over the seeds, and from what seeds leave open, {@code t sd / sqrt(k)}
   * with Student's t, both squared and added; that several seeds answer the same examples makes the
   * first no smaller.
   *
   * @param seeds one for each seed, at least one
   */
  public static Estimate pooled(List<Estimate> seeds) {
    if (seeds.size() == 1) {
      return seeds.get(0);
    }
    double[] values = seeds.stream().mapToDouble(Estimate::value).toArray();
    double value = mean(values);
    double below = value - mean(seeds.stream().mapToDouble(Estimate::low).toArray());
    double above = mean(seeds.stream().mapToDouble(Estimate::high).toArray()) - value;
    double spread = PooledComparison.seedError(values);
    return new Estimate(
        value,
        value - Math.hypot(below, spread),
        value + Math.hypot(above, spread),
        seeds.get(0).n());
  }

  /** The same of what is never below a least and never above a most; so is its interval. */
  public Estimate within(double least, double most) {
    return new Estimate(value, Math.max(least, low), Math.min(most, high), n);
  }

  private static double mean(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
