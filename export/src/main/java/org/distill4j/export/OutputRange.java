package org.distill4j.export;

/**
 * The range of an output: between which real numbers it was seen on data.
 *
 * @param low the least, or 0 if all were above
 * @param high the largest, or 0 if all were below
 */
public record OutputRange(double low, double high) {
  /** Nothing seen. */
  static final OutputRange NONE = new OutputRange(0, 0);

  /** Refuses what is no finite number. */
  public OutputRange {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > 0 || high < 0) {
      throw new IllegalArgumentException(
          "span: " + low + " to " + high + " (expected: finite numbers around 0)");
    }
  }

  /** The number of the range that is nearest to another. */
  double nearest(double value) {
    return Math.max(low, Math.min(high, value));
  }

  /** The least that holds another number too. */
  OutputRange with(double value) {
    return new OutputRange(Math.min(low, value), Math.max(high, value));
  }
}
