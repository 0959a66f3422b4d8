package org.distill4j.views;

import java.util.Locale;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * Random flip: mirrors the image.
 *
 * @param axis what changes sides
 * @param probability how often, 0 to 1
 */
@Describe("mirrors the image, or leaves it")
@DigestedAs("Flip[axis, probability]")
public record Flip(
    @Default("horizontal") @Describe("left and right, or top and bottom, change sides") Axis axis,
    @Default("0.5") @Describe("how often, 0..1") double probability)
    implements Augmentation {
  /** What changes sides. */
  public enum Axis {
    /** Left and right. */
    HORIZONTAL,
    /** Top and bottom. */
    VERTICAL
  }

  /** Checks the bounds. */
  public Flip {
    AugmentationBounds.probability(probability);
  }

  @Override
  public String says() {
    return "%s flips (%s)"
        .formatted(axis.name().toLowerCase(Locale.ROOT), AugmentationBounds.percent(probability));
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    if (!draws.happens(probability)) {
      return;
    }
    int width = canvas.width();
    int height = canvas.height();
    for (int c = 0; c < canvas.channels(); c++) {
      for (int i = 0; i < (axis == Axis.HORIZONTAL ? height : height / 2); i++) {
        int row = (c * height + i) * width;
        if (axis == Axis.HORIZONTAL) {
          reverse(canvas.values(), row, width);
        } else {
          exchange(canvas.values(), row, (c * height + height - 1 - i) * width, width);
        }
      }
    }
  }

  private static void reverse(float[] values, int from, int count) {
    for (int i = from, j = from + count - 1; i < j; i++, j--) {
      float left = values[i];
      values[i] = values[j];
      values[j] = left;
    }
  }

  private static void exchange(float[] values, int one, int other, int count) {
    for (int i = 0; i < count; i++) {
      float upper = values[one + i];
      values[one + i] = values[other + i];
      values[other + i] = upper;
    }
  }
}
