package org.distill4j.eval;

/**
 * Sample size of a paired comparison: how many examples it needs to show that no more than a margin
 * is lost, or that something is won, in 8 of 10 samples.
 *
 * <p>Two models tell themselves apart by the examples that one of them gets right and the other
 * wrong, a share d of all. A difference's standard error is {@code sqrt(d / n)}, so
 *
 * <pre>{@code n = (1.96 + 0.84)² d / margin²}</pre>
 *
 * if truly nothing is lost: the interval's lower end lies above {@code -margin} with a power of 80
 * %. However rarely the two differ, the score interval needs {@code n > 1.96² (1 - margin) /
 * margin}.
 *
 * @see <a href="https://doi.org/10.1002/sim.4780060204">Connor, 1987: sample size for the paired
 *     comparison of proportions</a>
 */
public final class SampleSize {
  /** The 80 % quantile of the standard normal distribution: the power. */
  private static final double POWER = 0.8416212335729143;

  private SampleSize() {}

  /**
   * How many examples show that no more than a margin is lost.
   *
   * @param margin as a share of 1, greater than 0
   * @param discordance share of the examples that only one of the two gets right, 0 to 1
   */
  public static long examples(double margin, double discordance) {
    if (!(margin > 0 && margin <= 1)) {
      throw new IllegalArgumentException("margin: " + margin + " (expected: 0 < margin <= 1)");
    }
    requireShare(discordance);
    double sum = Estimate.Z + POWER;
    double open = Estimate.Z * Estimate.Z * (1 - margin) / margin;
    return (long) Math.ceil(Math.max(open, sum * sum * discordance / (margin * margin)));
  }

  /**
   * The smallest margin, or gain, that so many examples show, as a share of 1.
   *
   * @param n at least 1
   * @param discordance as of {@link #examples}
   */
  public static double shown(long n, double discordance) {
    if (n < 1) {
      throw new IllegalArgumentException("n: " + n + " (expected: >= 1)");
    }
    requireShare(discordance);
    return Math.max(
        ScoreInterval.halfWidthOfNone((double) n),
        (Estimate.Z + POWER) * Math.sqrt(discordance / n));
  }

  private static void requireShare(double discordance) {
    if (!(discordance >= 0 && discordance <= 1)) {
      throw new IllegalArgumentException("discordance: " + discordance + " (expected: 0 to 1)");
    }
  }
}
