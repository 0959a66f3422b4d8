package org.distill4j.views;

import java.util.Arrays;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * Random translation: moves the image by whole pixels, as many to the right and down as are drawn
 * uniformly from {@code -pixels .. pixels}; what comes in is 0.
 *
 * @param pixels the farthest, at least 1
 */
@Shorthand(alone = false)
@Describe("moves the image by up to so many whole pixels each way; what comes in is 0")
@DigestedAs("Shift[pixels]")
public record Shift(@Default("2") @Describe("the farthest, >= 1") int pixels)
    implements Augmentation {
  /** Checks the bounds. */
  public Shift {
    if (pixels < 1) {
      throw new IllegalArgumentException("pixels: " + pixels + " (expected: >= 1)");
    }
  }

  @Override
  public String says() {
    return "shifts of up to " + pixels + (pixels == 1 ? " pixel" : " pixels");
  }

  @Override
  public void apply(AugmentationBuffer canvas, RandomStream draws) {
    int right = draws.whole(-pixels, pixels);
    int down = draws.whole(-pixels, pixels);
    if (right == 0 && down == 0) {
      return;
    }
    int width = canvas.width();
    int kept = Math.max(0, width - Math.abs(right));
    int from = Math.max(0, -right);
    int to = Math.min(width, Math.max(0, right));
    float[] values = canvas.values();
    float[] moved = canvas.spare();
    Arrays.fill(moved, 0);
    for (int c = 0; c < canvas.channels(); c++) {
      int plane = c * canvas.height();
      for (int y = Math.max(0, -down); y < canvas.height() - Math.max(0, down); y++) {
        int source = (plane + y) * width + Math.min(from, width);
        System.arraycopy(values, source, moved, (plane + y + down) * width + to, kept);
      }
    }
    canvas.swap();
  }
}
