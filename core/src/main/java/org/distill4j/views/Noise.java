package org.distill4j.views;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * Gaussian noise, added independently to every value.
 *
 * <p>The normal distribution is that of {@value #LEVELS} equally probable values, the quantiles of
 * {@code (k + 1/2) / 4096}, scaled to a variance of exactly 1: a value is looked up by 12 random
 * bits, five from one draw. The largest is 3.7 deviations out.
 *
 * @param deviation its standard deviation where 1 is a unit of what a net takes: of bytes that are
 *     scaled by 1/255, 0.1 is 25.5 levels of grey; greater than 0
 */
@Shorthand(alone = false)
@Describe("adds normal noise to every value")
@DigestedAs("Noise[deviation]")
public record Noise(
    @Default("0.1") @Describe("its standard deviation, in units of what a net takes, > 0")
        double deviation)
    implements Augmentation {
  private static final int BITS = 12;
  private static final int LEVELS = 1 << BITS;
  private static final int PER_DRAW = Long.SIZE / BITS;
  private static final float[] NORMAL = normal();

  /** Checks the bounds. */
  public Noise {
    AugmentationBounds.positive("deviation", deviation);
  }

  @Override
  public boolean needsImage() {
    return false;
  }

  @Override
  public String says() {
    return "noise of deviation " + AugmentationBounds.plain(deviation);
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    float[] values = canvas.values();
    int plane = canvas.height() * canvas.width();
    for (int c = 0; c < canvas.channels(); c++) {
      float scale = (float) deviation * canvas.unit(c);
      int at = c * plane;
      int end = at + plane;
      while (at < end) {
        long bits = draws.bits();
        for (int stop = Math.min(end, at + PER_DRAW); at < stop; at++, bits >>>= BITS) {
          values[at] += scale * NORMAL[(int) bits & (LEVELS - 1)];
        }
      }
    }
  }

  /** Where the density's integral from 0, by the midpoint rule, passes each quantile. */
  private static float[] normal() {
    double[] half = new double[LEVELS / 2];
    double step = 1.0 / (1 << 14);
    double density = 1 / StrictMath.sqrt(2 * StrictMath.PI);
    double x = 0;
    double mass = 0;
    double squares = 0;
    for (int k = 0; k < half.length; k++) {
      double wanted = (k + 0.5) / LEVELS;
      double next = mass;
      while (true) {
        double middle = x + step / 2;
        next = mass + step * density * StrictMath.exp(-middle * middle / 2);
        if (next >= wanted) {
          break;
        }
        mass = next;
        x += step;
      }
      half[k] = x + step * (wanted - mass) / (next - mass);
      squares += 2 * half[k] * half[k];
    }
    double scale = 1 / StrictMath.sqrt(squares / LEVELS);
    float[] table = new float[LEVELS];
    for (int k = 0; k < half.length; k++) {
      table[LEVELS / 2 + k] = (float) (scale * half[k]);
      table[LEVELS / 2 - 1 - k] = -table[LEVELS / 2 + k];
    }
    return table;
  }
}
