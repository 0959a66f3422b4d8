package org.distill4j.views;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * Random resized crop: cuts a rectangle out of the image and stretches it to the whole, with
 * bilinear interpolation. Its share of the area is drawn uniformly from {@code least .. 1}, the
 * logarithm of how much wider it is than the image from that of {@code 3/4 .. 4/3}, its place
 * uniformly; a side longer than the image's is cut to it.
 *
 * @param least the smallest share of the area that is kept, 0 &lt; least &lt; 1
 * @see <a href="https://arxiv.org/abs/1409.4842">Szegedy et al., 2015, section 6</a>
 */
@Shorthand(alone = false)
@Describe("cuts a rectangle out and stretches it to the whole image")
@DigestedAs("Crop[least]")
public record Crop(
    @Default("0.6") @Describe("the smallest share of the area that is kept, 0 < least < 1")
        double least)
    implements Augmentation {
  private static final double LOG_STRETCH = StrictMath.log(4.0 / 3);

  /** Checks the bounds. */
  public Crop {
    if (!(least > 0 && least < 1)) {
      throw new IllegalArgumentException("least: " + least + " (expected: 0 < least < 1)");
    }
  }

  @Override
  public String says() {
    return "crops to at least " + AugmentationBounds.percent(least) + " of the area";
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    double area = draws.between(least, 1);
    double stretch = StrictMath.exp(draws.between(-LOG_STRETCH, LOG_STRETCH));
    double across = Math.min(1, StrictMath.sqrt(area * stretch));
    double down = Math.min(1, StrictMath.sqrt(area / stretch));
    double left = draws.uniform() * (1 - across);
    double top = draws.uniform() * (1 - down);
    cut(canvas, left, top, across, down);
  }

  /** Stretches a rectangle, in shares of the image's sides; pixels are squares, not points. */
  static void cut(AugmentationBuffer canvas, double left, double top, double across, double down) {
    canvas.resample(
        (float) (left * canvas.width() + 0.5 * across - 0.5),
        (float) across,
        0,
        (float) (top * canvas.height() + 0.5 * down - 0.5),
        0,
        (float) down,
        false);
  }
}
