package org.distill4j.quantize.observe;

import org.distill4j.tensor.DType;

/**
 * The numbers that integers stand for: {@code x = (q - zero) scale}, {@code q = clip(round(x /
 * scale) + zero)}, rounded half to even as ONNX does.
 *
 * @param scale the step, a positive number
 * @param zero the integer that stands for 0
 * @param low the smallest integer in use
 * @param high the largest
 */
public record Grid(float scale, int zero, int low, int high) {
  private static final int UINT8_MAX = 255;
  private static final int INT8_MIN = -128;
  private static final int INT8_MAX = 127;

  public Grid {
    if (!(scale > 0) || !Float.isFinite(scale) || zero < low || zero > high) {
      throw new IllegalArgumentException(
          "grid: scale %s, zero %s in %s..%s (expected: a positive scale, zero among the integers)"
              .formatted(scale, zero, low, high));
    }
  }

  /**
   * An affine grid for activations: {@code scale = (max - min) / (high - low)}, {@code zero =
   * round(low - min / scale)}. A range of nothing but zero gets scale 1.
   *
   * @param type UINT8, all 256 integers, or INT8
   */
  public static Grid affine(Range range, DType type) {
    int low = type == DType.UINT8 ? 0 : INT8_MIN;
    int high = type == DType.UINT8 ? UINT8_MAX : INT8_MAX;
    float scale = (float) ((range.max() - range.min()) / (high - low));
    if (scale < Float.MIN_NORMAL) {
      return new Grid(1, low, low, high);
    }
    int zero = (int) Math.rint(low - range.min() / scale);
    return new Grid(scale, Math.max(low, Math.min(high, zero)), low, high);
  }

  /**
   * A symmetric grid for weights: zero stands for 0, and the range is narrow, so that each integer
   * has its negative.
   *
   * @param magnitude the largest weight by magnitude
   * @param bits 8 for -127..127; 7 for -63..63, with which a processor that adds pairs of products
   *     in 16 bits never saturates
   */
  public static Grid symmetric(double magnitude, int bits) {
    int high = (1 << (bits - 1)) - 1;
    float scale = (float) (magnitude / high);
    return new Grid(scale < Float.MIN_NORMAL ? 1 : scale, 0, -high, high);
  }

  /** The integer that stands for a number. */
  public int integer(double x) {
    double q = Math.rint(x / scale) + zero;
    return (int) Math.max(low, Math.min(high, q));
  }

  /** The number that an integer stands for. */
  double number(int q) {
    return (q - zero) * (double) scale;
  }

  /** The nearest number on the grid. */
  double nearest(double x) {
    return number(integer(x));
  }
}
