package org.distill4j.recipe;

import java.math.BigDecimal;
import java.util.List;
import org.distill4j.distill.Objective;
import org.distill4j.settings.Default;
import org.distill4j.settings.InsteadOf;
import org.distill4j.settings.Says;

/**
 * What a distilled student minimises: {@code hard x cross-entropy + soft x T² x KL}.
 *
 * <p>The defaults 0.1 and 0.9 are those of the usual benchmark of distillation methods (Tian et
 * al., 2020); T begins at 5, and the best T is found on validation.
 *
 * @param hard weight of the cross-entropy to the labels, at least 0
 * @param soft weight of the divergence from the teacher, at least 0; not both are 0
 * @param temperature T, greater than 0
 * @param labels when the teacher is asked, and how its logits are kept
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton et al., 2015</a>
 * @see <a href="https://arxiv.org/abs/1910.10699">Tian et al., 2020</a>
 */
@Says("what the distilled student minimises: hard x cross-entropy + soft x T^2 x KL")
public record DistillSettings(
    @Default("0.1") @Says("weight of the cross-entropy to the labels, >= 0") double hard,
    @Default("0.9") @Says("weight of the divergence from the teacher, >= 0; not both 0")
        double soft,
    @Default("5") @Says("T, how soft probabilities are compared, > 0; tune it on validation")
        double temperature,
    @Default("cached")
        @Says("when the teacher is asked: cached (or float16, float32), {views: K}, online")
        LabelSource labels) {
  /** Checks the bounds. */
  public DistillSettings {
    requireWeight("hard", hard);
    requireWeight("soft", soft);
    if (hard + soft == 0) {
      throw new IllegalArgumentException(
          "hard, soft: " + hard + ", " + soft + " (expected: one of them > 0)");
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature: " + temperature + " (expected: > 0)");
    }
  }

  private static void requireWeight(String name, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": " + weight + " (expected: >= 0)");
    }
  }

  /**
   * The weights by one number. Papers give that name to either weight; here it is that of the hard
   * loss.
   *
   * @param alpha the weight of the hard loss, 0 to 1; the soft loss has the rest
   * @return {@code hard} and {@code soft}
   */
  @InsteadOf({"hard", "soft"})
  @Says("the weight of the hard loss, 0..1; soft is 1 - alpha")
  static List<Double> alpha(double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha: " + alpha + " (expected: 0 <= alpha <= 1)");
    }
    return List.of(alpha, BigDecimal.ONE.subtract(BigDecimal.valueOf(alpha)).doubleValue());
  }

  /** What the student minimises. */
  public Objective objective() {
    return new Objective(hard, soft, temperature);
  }

  /** The objective with its numbers, both weights by name, for plans and reports. */
  public String formula() {
    return "hard %s x cross-entropy + soft %s x T² x KL, T = %s"
        .formatted(plain(hard), plain(soft), plain(temperature));
  }

  private static String plain(double number) {
    String digits = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    return digits.length() <= 12 ? digits : Double.toString(number);
  }
}
