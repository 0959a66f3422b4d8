package org.distill4j.views;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * Random rotation: turns the image about its centre by an angle drawn uniformly from {@code
 * -degrees .. degrees}, with bilinear interpolation; what comes in is 0.
 *
 * @param degrees the largest angle, 0 &lt; degrees &lt;= 180
 */
@Shorthand(alone = false)
@Describe("turns the image about its centre by up to so many degrees; what comes in is 0")
@DigestedAs("Rotate[degrees]")
public record Rotate(
    @Default("10") @Describe("the largest angle, 0 < degrees <= 180") double degrees)
    implements Augmentation {
  /** Checks the bounds. */
  public Rotate {
    if (!(degrees > 0 && degrees <= 180)) {
      throw new IllegalArgumentException("degrees: " + degrees + " (expected: 0 < degrees <= 180)");
    }
  }

  @Override
  public String says() {
    return "rotations of up to " + AugmentationBounds.plain(degrees) + " degrees";
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    turn(canvas, draws.between(-degrees, degrees));
  }

  /** Turns by an angle, counter-clockwise where it is positive. */
  static void turn(AugmentationBuffer canvas, double angle) {
    double radians = StrictMath.toRadians(angle);
    float cos = (float) StrictMath.cos(radians);
    float sin = (float) StrictMath.sin(radians);
    float middleX = (canvas.width() - 1) / 2f;
    float middleY = (canvas.height() - 1) / 2f;
    canvas.resample(
        middleX - cos * middleX + sin * middleY,
        cos,
        -sin,
        middleY - sin * middleX - cos * middleY,
        sin,
        cos,
        true);
  }
}
