package org.distill4j.eval;

import java.util.List;
import org.distill4j.fault.InputFault;

/**
 * The paired comparison of a regression's absolute errors with a baseline's, on the same examples.
 *
 * <pre>{@code
 * d_i   = |error of the candidate| - |error of the baseline| on example i
 * delta = mean d,  ci95 = delta ± 1.96 · sd(d) / sqrt(n)
 * p     = sign test: min(1, 2 · sum over i <= min(b, c) of C(b + c, i) / 2^(b + c))
 * }</pre>
 *
 * <p>with b examples on which the candidate is farther from the truth and c on which it is nearer.
 * With several seeds d_i is the mean over them, so that an example counts once.
 *
 * @param deviation sd(d), with n - 1
 * @param signs b, c and their p-value
 * @param seeds how many seeds the mean is over, at least 1
 */
public record PairedErrors(double delta, double deviation, Comparison signs, int seeds) {
  private static final double Z = 1.959963984540054;

  /**
   * Pairs evaluations seed by seed and example by example.
   *
   * @param candidates one for each seed
   * @param baselines one for each seed, or one for all
   * @throws InputFault if they were not made on the same examples
   */
  public static PairedErrors of(List<Evaluation> candidates, List<Evaluation> baselines) {
    int seeds = candidates.size();
    int n = candidates.get(0).n();
    for (int s = 0; s < seeds; s++) {
      Comparison.requireSameExamples(candidates.get(s), baseline(baselines, s));
    }
    double mean = 0;
    double squares = 0;
    int farther = 0;
    int nearer = 0;
    for (int i = 0; i < n; i++) {
      double d = 0;
      for (int s = 0; s < seeds; s++) {
        d += candidates.get(s).predictions().distance(i) / seeds;
        d -= baseline(baselines, s).predictions().distance(i) / seeds;
      }
      double before = d - mean;
      mean += before / (i + 1);
      squares += before * (d - mean);
      farther += d > 0 ? 1 : 0;
      nearer += d < 0 ? 1 : 0;
    }
    return new PairedErrors(
        mean, Math.sqrt(squares / Math.max(1, n - 1)), new Comparison(n, farther, nearer), seeds);
  }

  private static Evaluation baseline(List<Evaluation> baselines, int seed) {
    return baselines.get(baselines.size() == 1 ? 0 : seed);
  }

  /** How many examples there are. */
  public int n() {
    return signs.n();
  }

  /** Lower end of the 95 % confidence interval of {@link #delta}. */
  public double low() {
    return delta - Z * deviation / Math.sqrt(n());
  }

  /** Upper end of the 95 % confidence interval of {@link #delta}. */
  public double high() {
    return delta + Z * deviation / Math.sqrt(n());
  }

  /** The sign test's exact two-sided p-value. */
  public double p() {
    return signs.p();
  }
}
