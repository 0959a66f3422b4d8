package org.distill4j.lowered;

import java.util.List;

/**
 * Quantization parameters: how 8-bit numbers stand for real ones, {@code real = scale[i] * (number
 * - zeroPoint[i])}, i being the index along an axis, or 0 if there is one scale for all.
 *
 * @param scales each greater than 0
 * @param zeroPoints as many, of signed 8-bit numbers
 * @param axis along which the scales go, as the value is held; 0 for one scale
 */
public record AffineScaling(List<Float> scales, List<Long> zeroPoints, int axis) {
  /** How far a number may be from a whole one for what floats round. */
  private static final double ROUNDING = 1e-4;

  /** Takes copies and checks the bounds. */
  public AffineScaling {
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
    if (scales.isEmpty() || scales.size() != zeroPoints.size()) {
      throw new IllegalArgumentException(
          "scales, zero points: "
              + scales.size()
              + ", "
              + zeroPoints.size()
              + " (expected: as many of one as of the other)");
    }
    for (float scale : scales) {
      if (!(scale > 0) || scale == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("scale: " + scale + " (expected: > 0)");
      }
    }
  }

  /** One scale for the whole value. */
  public static AffineScaling of(float scale, long zeroPoint) {
    return new AffineScaling(List.of(scale), List.of(zeroPoint), 0);
  }

  /**
   * The finest scaling whose 256 numbers span a range and 0.
   *
   * @param low at most {@code high}
   */
  public static AffineScaling ofRange(double low, double high) {
    double least = Math.min(0, low);
    double most = Math.max(0, high);
    float scale = most > least ? (float) ((most - least) / 255) : 1;
    return of(scale, Math.max(-128, Math.min(127, Math.round(-128 - least / scale))));
  }

  /** Whether there is one scale for the whole value. */
  public boolean isPerTensor() {
    return scales.size() == 1;
  }

  /** The least real number, of one scale for the whole value. */
  float low() {
    return (Byte.MIN_VALUE - zeroPoints.get(0)) * scales.get(0);
  }

  /** The largest real number, of one scale for the whole value. */
  float high() {
    return (Byte.MAX_VALUE - zeroPoints.get(0)) * scales.get(0);
  }

  /** Whether one of its numbers stands for that real one, as one does for 0. */
  boolean says(double real) {
    double number = real / scales.get(0) + zeroPoints.get(0);
    return isPerTensor()
        && number >= Byte.MIN_VALUE - ROUNDING
        && number <= Byte.MAX_VALUE + ROUNDING
        && Math.abs(number - Math.rint(number)) <= ROUNDING;
  }

  /** The same scales along another axis. */
  public AffineScaling along(int other) {
    return new AffineScaling(scales, zeroPoints, isPerTensor() ? 0 : other);
  }
}
