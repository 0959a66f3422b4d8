package org.distill4j.quantize.observe;

/**
 * What real numbers a tensor is taken to hold; numbers outside are clipped.
 *
 * @param min at most 0: zero must be among them, since padding and ReLU make zeros
 * @param max at least 0
 */
public record Range(double min, double max) {
  /** Refuses what is not finite, and takes zero in. */
  public Range {
    if (!Double.isFinite(min) || !Double.isFinite(max) || min > max) {
      throw new IllegalArgumentException(
          "range: " + min + " to " + max + " (expected: finite, from low to high)");
    }
    min = Math.min(0, min);
    max = Math.max(0, max);
  }

  /** The smallest range that holds both. */
  public Range or(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  /** The part of this range that lies within ±limit. */
  Range within(double limit) {
    double low = Math.max(min, -limit);
    double high = Math.min(max, limit);
    return new Range(low, high);
  }

  /** The largest magnitude. */
  double magnitude() {
    return Math.max(-min, max);
  }
}
