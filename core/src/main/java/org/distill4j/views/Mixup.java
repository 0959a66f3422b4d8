package org.distill4j.views;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * Mixup: mixes the example with another one of the same view, {@code share x + (1 - share) x'}, the
 * share drawn from the beta distribution of (alpha, alpha), the other example uniformly. Both are
 * varied by the steps before this one, the mixture by those behind it.
 *
 * <p>The hard label is mixed alike: a row that has {@code share} at the one class and {@code 1 -
 * share} at the other. The cross-entropy is the mean over the shares whose label may be seen: the
 * sum of {@code -label log softmax(student)} over the batch, divided by the sum of the labels. A
 * label that may not be seen leaves its share out. The teacher is asked about the mixture itself.
 *
 * @param alpha greater than 0; below 1 most mixtures are nearly one of the two
 * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al., 2018</a>
 */
@Shorthand(alone = false)
@Describe("mixes the example, and its hard label, with another one's; at most once in a list")
@DigestedAs("Mixup[alpha]")
public record Mixup(
    @Default("0.2") @Describe("of the beta distribution of the share, > 0") double alpha)
    implements Augmentation {
  /** Checks the bounds. */
  public Mixup {
    AugmentationBounds.positive("alpha", alpha);
  }

  @Override
  public boolean needsImage() {
    return false;
  }

  @Override
  public String says() {
    return "mixup with alpha " + AugmentationBounds.plain(alpha);
  }

  /** It takes two examples: {@link ViewReader} carries it out. */
  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    throw new IllegalStateException("mixup: one example (expected: two)");
  }

  /** Puts the mixture where the one example is. */
  static void mix(AugmentationBuffer one, AugmentationBuffer other, float share) {
    float[] values = one.values();
    float[] others = other.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = others[i] + share * (values[i] - others[i]);
    }
  }
}
