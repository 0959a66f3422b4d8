package org.distill4j.eval;

import org.distill4j.fault.InputFault;

/**
 * The paired comparison of a candidate with a baseline on the same examples.
 *
 * <p>Only the examples that one of them got right and the other wrong tell the two apart. With b of
 * them lost and c won by the candidate:
 *
 * <pre>{@code
 * delta = (c - b) / n
 * ci95  = Tango's score interval, which stays open where b = c = 0
 * p     = min(1, 2 · sum over i <= min(b, c) of C(b + c, i) / 2^(b + c))
 * }</pre>
 *
 * <p>The p-value is that of McNemar's test in its exact two-sided form: how likely a difference at
 * least as lopsided is between two equally good models.
 *
 * @param n how many examples there are
 * @param lost b: the baseline was right and the candidate wrong
 * @param won c: the candidate was right and the baseline wrong
 * @see <a href="https://doi.org/10.1007/BF02295996">McNemar, 1947</a>
 * @see ScoreInterval
 */
public record Comparison(int n, int lost, int won) {
  /** Checks the bounds. */
  public Comparison {
    if (n < 1 || lost < 0 || won < 0 || (long) lost + won > n) {
      throw new IllegalArgumentException(
          "n, lost, won: %s, %s, %s (expected: n >= 1, lost + won <= n)".formatted(n, lost, won));
    }
  }

  /**
   * Pairs two evaluations example by example.
   *
   * @throws InputFault if they were not made on the same examples
   */
  public static Comparison of(Evaluation candidate, Evaluation baseline) {
    requireSameExamples(candidate, baseline);
    int lost = 0;
    int won = 0;
    for (int i = 0; i < candidate.n(); i++) {
      boolean right = candidate.predictions().isRight(i);
      if (right != baseline.predictions().isRight(i)) {
        lost += right ? 0 : 1;
        won += right ? 1 : 0;
      }
    }
    return new Comparison(candidate.n(), lost, won);
  }

  /** Refuses evaluations that were made on other examples. */
  static void requireSameExamples(Evaluation candidate, Evaluation baseline) {
    if (candidate.n() != baseline.n() || !candidate.sha256().equals(baseline.sha256())) {
      throw new InputFault(
          "comparison: %s has n=%s, %s has n=%s (expected: the same examples of one split)"
              .formatted(name(candidate), candidate.n(), name(baseline), baseline.n()));
    }
  }

  /** Accuracy of the candidate minus that of the baseline, -1 to 1. */
  public double delta() {
    return ((double) won - lost) / n;
  }

  /** Lower end of the 95 % confidence interval of {@link #delta}. */
  public double low() {
    return ScoreInterval.of(won, lost, n).low();
  }

  /** Upper end of the 95 % confidence interval of {@link #delta}. */
  public double high() {
    return ScoreInterval.of(won, lost, n).high();
  }

  /**
   * McNemar's exact two-sided p-value; 1 if nothing tells the two apart. Summed outwards from the
   * largest term, whose logarithm is computed apart, so that no count is too large.
   */
  public double p() {
    int discordant = lost + won;
    int k = Math.min(lost, won);
    if (2 * (long) k >= discordant - 1) {
      return 1;
    }
    double logLargest = -discordant * Math.log(2);
    for (int i = 1; i <= k; i++) {
      logLargest += Math.log((discordant - k + (double) i) / i);
    }
    double sum = 0;
    double ratio = 1;
    for (int i = k; i >= 0 && ratio > 0; i--) {
      sum += ratio;
      ratio *= i / (discordant - i + 1.0);
    }
    return Math.min(1, 2 * Math.exp(logLargest + Math.log(sum)));
  }

  private static String name(Evaluation evaluation) {
    return "data '" + evaluation.data() + "' " + evaluation.purpose();
  }
}
