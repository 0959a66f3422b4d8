package org.distill4j.recipe;

import java.math.BigDecimal;
import java.util.List;
import org.distill4j.distill.Objective;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.DistilFirst;
import org.distill4j.schedule.Schedule;
import org.distill4j.schedule.WarmUp;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.InsteadOf;

/**
 * The settings {@code distill} of a recipe: the distillation loss {@code hard x cross-entropy +
 * soft x T² x KL}.
 *
 * <p>The defaults 0.1 and 0.9 are those of the usual benchmark of distillation methods (Tian et
 * al., 2020); T begins at 5, and the best T is found on validation.
 *
 * <p>Each of the three is a number, which holds throughout, or moves over the run.
 *
 * @param hard weight of the cross-entropy to the labels, at least 0
 * @param soft weight of the divergence from the teacher, at least 0; not both are 0
 * @param temperature T, greater than 0
 * @param labels when the teacher is asked, and how its logits are kept
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton et al., 2015</a>
 * @see <a href="https://arxiv.org/abs/1910.10699">Tian et al., 2020</a>
 */
@Describe("what the distilled student minimises: hard x cross-entropy + soft x T^2 x KL")
public record DistillSettings(
    @Default("0.1") @Describe("weight of the cross-entropy to the labels, >= 0; 0..1 if it moves")
        Schedule hard,
    @Default("0.9") @Describe("weight of the divergence from the teacher, as hard; not both 0")
        Schedule soft,
    @Default("5") @Describe("T, how soft probabilities are compared, > 0; >= 1 if it moves")
        Schedule temperature,
    @Default("cached")
        @Describe("when the teacher is asked: cached (or float16, float32), {views: K}, online")
        LabelSource labels) {
  /** T where nothing is said. */
  static final double USUAL_TEMPERATURE = 5;

  /** Weights that move together. */
  enum Preset {
    /** Soft first, hard later. */
    DISTIL_FIRST,
    /** Hard first, soft from 30 % of the run on. */
    WARM_UP;

    Schedule soft() {
      return this == DISTIL_FIRST ? new DistilFirst(0.9, 0.1) : new WarmUp(0.9, 0.3);
    }
  }

  /** Checks the bounds. A hard weight of a preset becomes what the soft one leaves. */
  public DistillSettings {
    hard = hard.counterpart();
    new Objective(hard, soft, temperature);
  }

  /** The same weights and the same temperature throughout. */
  public DistillSettings(double hard, double soft, double temperature, LabelSource labels) {
    this(new Constant(hard), new Constant(soft), new Constant(temperature), labels);
  }

  /**
   * The weights by one number. Papers give that name to either weight; here it is that of the hard
   * loss.
   *
   * @param alpha the weight of the hard loss, 0 to 1; the soft loss has the rest
   * @return {@code hard} and {@code soft}
   */
  @InsteadOf({"hard", "soft"})
  @Describe("the weight of the hard loss, 0..1; soft is 1 - alpha")
  static List<Schedule> alpha(double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha: " + alpha + " (expected: 0 <= alpha <= 1)");
    }
    double rest = BigDecimal.ONE.subtract(BigDecimal.valueOf(alpha)).doubleValue();
    return List.of(new Constant(alpha), new Constant(rest));
  }

  /**
   * Both weights by a preset; they add to 1 throughout.
   *
   * @return {@code hard} and {@code soft}
   */
  @InsteadOf({"hard", "soft"})
  @Describe("both weights by a preset: distil-first or warm-up")
  static List<Schedule> weights(Preset preset) {
    return List.of(preset.soft().counterpart(), preset.soft());
  }

  /** What the student minimises. */
  public Objective objective() {
    return new Objective(hard, soft, temperature);
  }

  /** The objective with its numbers, both weights by name, for plans and reports. */
  public String formula() {
    return "hard %s x cross-entropy + soft %s x T² x KL, T = %s"
        .formatted(hard.says(), soft.says(), temperature.says());
  }
}
