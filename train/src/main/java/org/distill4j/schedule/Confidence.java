package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * A temperature by confidence, one for each example: higher where the teacher is surer. {@code T_i
 * = T0 + beta (c_i - mean c)}, kept within {@value #LEAST} to {@value #MOST}; c is the teacher's
 * highest probability at T = 1, its mean is over the batch. The square of T_i stands inside the
 * mean over the examples.
 *
 * @param base T0
 * @param beta how much a surer answer is softened
 * @see org.distill4j.loss.ConfidentTargets
 */
@Describe("a temperature for each example, higher where the teacher is surer")
@DigestedAs("Confidence[base, beta]")
public record Confidence(
    @Default("5") @Describe("T0, of an example of mean confidence, 1..20") double base,
    @Default("5") @Describe("what a confidence of 1 above the mean adds, >= 0") double beta)
    implements Schedule {
  /** No example's T is lower. */
  public static final double LEAST = 1;

  /** No example's T is higher. */
  public static final double MOST = 20;

  /** Checks the bounds. */
  public Confidence {
    if (!(base >= LEAST && base <= MOST)) {
      throw new IllegalArgumentException("base: " + base + " (expected: 1 to 20)");
    }
    if (!(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("beta: " + beta + " (expected: >= 0)");
    }
  }

  @Override
  public double at(double u) {
    return base;
  }

  @Override
  public double least() {
    return Math.max(LEAST, base - beta);
  }

  @Override
  public double most() {
    return Math.min(MOST, base + beta);
  }

  @Override
  public String says() {
    return "confidence %s + %s (c - mean c)"
        .formatted(ScheduleBounds.plain(base), ScheduleBounds.plain(beta));
  }
}
