package org.distill4j.zoo;

/**
 * The settings of a convolution of {@link Layers}; its output has ceil(input / stride) rows and
 * columns.
 *
 * @param filters how many channels it makes, at least 1
 * @param height rows of its kernel, at least 1
 * @param width columns of its kernel, at least 1
 * @param stride how far the kernel moves, at least 1
 * @param groups into how many groups the channels are split, at least 1
 * @param bias whether a number per channel is added; of no use before a normalization
 */
public record Conv(int filters, int height, int width, int stride, int groups, boolean bias) {
  /** Checks the bounds. */
  public Conv {
    int least = Math.min(Math.min(filters, height), Math.min(Math.min(width, stride), groups));
    if (least < 1) {
      throw new IllegalArgumentException(
          "convolution: filters "
              + filters
              + ", kernel "
              + height
              + "x"
              + width
              + ", stride "
              + stride
              + ", groups "
              + groups
              + " (expected: each >= 1)");
    }
  }

  /** With a square kernel, stride 1, all channels in one group, and a bias. */
  public static Conv of(int filters, int kernel) {
    return new Conv(filters, kernel, kernel, 1, 1, true);
  }

  /** One square kernel per channel, stride 1, with a bias. */
  public static Conv depthwise(int channels, int kernel) {
    return new Conv(channels, kernel, kernel, 1, channels, true);
  }

  /** The same, moving by another stride. */
  public Conv strided(int other) {
    return new Conv(filters, height, width, other, groups, bias);
  }

  /** The same without a bias. */
  public Conv unbiased() {
    return new Conv(filters, height, width, stride, groups, false);
  }
}
