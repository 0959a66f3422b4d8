package org.distill4j.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * The paired comparison of a candidate with a baseline over several seeds, on the same examples.
 *
 * <p>With k seeds, delta_s the difference of seed s, and d_i the mean over the seeds of what
 * example i adds to it (-1, 0 or 1):
 *
 * <pre>{@code
 * delta = mean of delta_s
 * ci95  = delta ± sqrt((1.96 sd(d) / sqrt(n))² + (t sd(delta_s) / sqrt(k))²), of one seed Tango's
 * p     = McNemar's exact p of the counts of all seeds together
 * }</pre>
 *
 * with t the 97.5 % quantile of Student's distribution of k - 1 degrees of freedom. The first term
 * is for other test examples, and no smaller than it is by the score interval where no example
 * tells the two apart; the second for other seeds: three seeds on many examples are not as certain
 * as their number of answers suggests. The pooled p-value takes every answer for one of its own,
 * though one example asked under several seeds is not several examples: a difference is certain
 * where the interval agrees.
 *
 * @param seeds the comparison of each seed, all of the same number of examples
 * @param deviation sd(d)
 */
public record PooledComparison(List<Comparison> seeds, double deviation) {
  private static final double Z = 1.959963984540054;

  /** The 97.5 % quantiles of Student's distribution for 1, 2, ... degrees of freedom. */
  private static final double[] T = {
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788,
    2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
    2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
  };

  /** Takes a copy and checks that there is something to pool. */
  public PooledComparison {
    seeds = List.copyOf(seeds);
    if (seeds.stream().mapToInt(Comparison::n).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "seeds: " + seeds + " (expected: at least one, all with the same n)");
    }
  }

  /**
   * Pairs evaluations seed by seed and example by example.
   *
   * @param candidates one for each seed
   * @param baselines one for each seed, or one for all
   * @throws org.distill4j.fault.InputFault if they were not made on the same examples
   */
  public static PooledComparison of(List<Evaluation> candidates, List<Evaluation> baselines) {
    if (baselines.size() != 1 && baselines.size() != candidates.size()) {
      throw new IllegalArgumentException(
          "baselines: %s (expected: 1 or %s)".formatted(baselines.size(), candidates.size()));
    }
    List<Comparison> seeds = new ArrayList<>();
    double[] sums = new double[candidates.get(0).n()];
    for (int s = 0; s < candidates.size(); s++) {
      Evaluation candidate = candidates.get(s);
      Evaluation baseline = baselines.get(baselines.size() == 1 ? 0 : s);
      seeds.add(Comparison.of(candidate, baseline));
      for (int i = 0; i < sums.length; i++) {
        sums[i] += candidate.predictions().isRight(i) ? 1 : 0;
        sums[i] -= baseline.predictions().isRight(i) ? 1 : 0;
      }
    }
    double mean = 0;
    double square = 0;
    for (double sum : sums) {
      mean += sum / candidates.size() / sums.length;
      square += sum / candidates.size() * (sum / candidates.size()) / sums.length;
    }
    return new PooledComparison(seeds, Math.sqrt(Math.max(0, square - mean * mean)));
  }

  /** How many examples there are. */
  public int n() {
    return seeds.get(0).n();
  }

  /** Mean over the seeds of the candidate's accuracy minus the baseline's, -1 to 1. */
  public double delta() {
    return seeds.stream().mapToDouble(Comparison::delta).average().orElseThrow();
  }

  /** Lower end of the 95 % confidence interval of {@link #delta}. */
  public double low() {
    return seeds.size() == 1 ? seeds.get(0).low() : Math.max(-1, delta() - halfWidth());
  }

  /** Upper end of the 95 % confidence interval of {@link #delta}. */
  public double high() {
    return seeds.size() == 1 ? seeds.get(0).high() : Math.min(1, delta() + halfWidth());
  }

  private double halfWidth() {
    double examples = Math.max(Z * deviation / Math.sqrt(n()), ScoreInterval.halfWidthOfNone(n()));
    return Math.hypot(examples, seedError(seeds.stream().mapToDouble(Comparison::delta).toArray()));
  }

  /** {@code t sd / sqrt(k)}: what k seeds, at least two, leave open about their mean. */
  static double seedError(double... values) {
    int k = values.length;
    double t = k - 2 < T.length ? T[k - 2] : Z;
    return t * standardDeviation(values) / Math.sqrt(k);
  }

  /** McNemar's exact two-sided p-value of the counts of all seeds together. */
  public double p() {
    return new Comparison(
            Math.multiplyExact(n(), seeds.size()),
            seeds.stream().mapToInt(Comparison::lost).sum(),
            seeds.stream().mapToInt(Comparison::won).sum())
        .p();
  }

  /** Whether p is below 0.05 and, with several seeds, the interval does not hold 0. */
  public boolean isCertain() {
    return p() < 0.05 && (seeds.size() == 1 || low() > 0 || high() < 0);
  }

  /** The sample's standard deviation, {@code sqrt(sum of (x - mean)² / (k - 1))}; 0 of one. */
  public static double standardDeviation(double... values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return values.length < 2 ? 0 : Math.sqrt(sum / (values.length - 1));
  }
}
