package org.distill4j.prune;

import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * Sparsity of weights: which become zero while shapes stay, the smallest of each layer, or a fixed
 * number in each few that stand beside each other.
 *
 * <p>The share of zeros grows by {@code s(u) = s - s (1 - u / until)³}, u the share of the steps
 * that are done, and stays at s from {@code until} on; a pattern holds from the first step.
 *
 * <p>Zeros make a compressed file smaller. The file itself, its multiply-adds and its time stay
 * what they were: no kernel leaves them out.
 *
 * @param magnitude the share s of each layer's weights that become zero, above 0 and below 1;
 *     either it or {@code nM}
 * @param nM {@code n:m}, of each m weights of one output that take inputs beside each other the n
 *     largest stay
 * @param until when the share is reached, as a share of the steps, above 0 and at most 1
 * @see <a href="https://arxiv.org/abs/1710.01878">Zhu and Gupta, 2017</a>
 * @see <a href="https://arxiv.org/abs/2104.08378">Mishra et al., 2021</a>
 */
@Describe(
    "weights that become zero while shapes stay: the compressed file shrinks, the time does not")
@DigestedAs("Sparsity[magnitude, nM, until]")
public record Sparsity(
    @Describe("the share of each layer's weights that become zero, the smallest; 0 < share < 1")
        Optional<Double> magnitude,
    @Describe(
            "such as 2:4, the n largest of each m neighbouring weights stay; instead of magnitude")
        Optional<String> nM,
    @Default("0.6") @Describe("when the share is reached, as a share of the steps, 0 < until <= 1")
        double until) {
  /** Checks the bounds. */
  public Sparsity {
    if (magnitude.isPresent() == nM.isPresent()) {
      throw new IllegalArgumentException(
          "magnitude, n-m: %s (expected: one of them)"
              .formatted(magnitude.isPresent() ? "both" : "neither"));
    }
    if (magnitude.isPresent() && !(magnitude.get() > 0 && magnitude.get() < 1)) {
      throw new IllegalArgumentException(
          "magnitude: " + magnitude.get() + " (expected: 0 < share < 1)");
    }
    if (nM.isPresent() && !isPattern(nM.get())) {
      throw new IllegalArgumentException(
          "n-m: '" + nM.get() + "' (expected: n:m with 1 <= n < m <= 64, such as 2:4)");
    }
    if (!(until > 0 && until <= 1)) {
      throw new IllegalArgumentException("until: " + until + " (expected: 0 < until <= 1)");
    }
  }

  private static boolean isPattern(String text) {
    if (!text.matches("[0-9]{1,2}:[0-9]{1,2}")) {
      return false;
    }
    int n = Integer.parseInt(text.substring(0, text.indexOf(':')));
    int m = Integer.parseInt(text.substring(text.indexOf(':') + 1));
    return n >= 1 && n < m && m <= 64;
  }

  /** How many of each {@link #outOf} stay; only for a pattern. */
  int stay() {
    String pattern = nM.orElseThrow();
    return Integer.parseInt(pattern.substring(0, pattern.indexOf(':')));
  }

  /** How many weights make one part of a pattern. */
  int outOf() {
    String pattern = nM.orElseThrow();
    return Integer.parseInt(pattern.substring(pattern.indexOf(':') + 1));
  }

  /** The step that begins with the whole share. */
  long last(long steps) {
    return Math.min(steps - 1, (long) Math.ceil(until * steps));
  }

  /** The share of zeros that is due, 0 to below 1; only for magnitudes. */
  double at(long step, long steps) {
    long last = last(steps);
    double left = step >= last ? 0 : 1 - (double) step / last;
    return magnitude.orElseThrow() * (1 - left * left * left);
  }

  /** As in a plan. */
  public String says() {
    return magnitude
        .map(s -> "%s of each layer's weights become zero, the smallest".formatted(s))
        .orElseGet(() -> "of each %s weights in a row %s stay".formatted(outOf(), stay()));
  }
}
