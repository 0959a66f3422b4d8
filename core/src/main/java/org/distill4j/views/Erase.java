package org.distill4j.views;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * Random erasing: sets a rectangle of the image to 0. Its share of the area is drawn uniformly from
 * {@code 0.02 .. most}, the logarithm of its height over its width from that of {@code 0.3 ..
 * 1/0.3}, its place uniformly; sides are rounded to whole pixels, at least one, at most the
 * image's.
 *
 * @param most the largest share of the area, 0.02 &lt; most &lt;= 1
 * @param probability how often, 0 to 1
 * @see <a href="https://arxiv.org/abs/1708.04896">Zhong et al., 2020</a>
 */
@Describe("sets a rectangle to 0, or leaves the image")
@DigestedAs("Erase[most, probability]")
public record Erase(
    @Default("0.25") @Describe("the largest share of the area, 0.02 < most <= 1") double most,
    @Default("0.5") @Describe("how often, 0..1") double probability)
    implements Augmentation {
  private static final double LEAST = 0.02;
  private static final double LOG_RATIO = -StrictMath.log(0.3);

  /** Checks the bounds. */
  public Erase {
    if (!(most > LEAST && most <= 1)) {
      throw new IllegalArgumentException("most: " + most + " (expected: 0.02 < most <= 1)");
    }
    AugmentationBounds.probability(probability);
  }

  @Override
  public String says() {
    return "erasing of up to %s of the area (%s)"
        .formatted(AugmentationBounds.percent(most), AugmentationBounds.percent(probability));
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    if (!draws.happens(probability)) {
      return;
    }
    double pixels = draws.between(LEAST, most) * canvas.height() * canvas.width();
    double ratio = StrictMath.exp(draws.between(-LOG_RATIO, LOG_RATIO));
    int rows = side(StrictMath.sqrt(pixels * ratio), canvas.height());
    int columns = side(StrictMath.sqrt(pixels / ratio), canvas.width());
    int top = draws.whole(0, canvas.height() - rows);
    int left = draws.whole(0, canvas.width() - columns);
    canvas.fill(top, left, rows, columns, 0);
  }

  private static int side(double length, int whole) {
    return Math.max(1, Math.min(whole, (int) Math.round(length)));
  }
}
