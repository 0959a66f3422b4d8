package org.distill4j.quantize;

import java.util.Arrays;

/**
 * How often numbers fall where, in one pass and bounded memory: 2048 bins on either side of zero.
 * Where a number falls outside, the bins double their width and neighbours are merged, so that
 * every count stays exact.
 */
final class Histogram {
  /** Bins on each side of zero. */
  static final int BINS = 2048;

  private static final int LANES = 2;
  private static final int MOST_PENDING = 1 << 30;

  private final long[] positive = new long[BINS];
  private final long[] negative = new long[BINS];

  /**
   * Neighbours count in different places, as the same number often follows itself: for each lane
   * the positive bins, then the negative ones.
   */
  private final int[] lanes = new int[2 * LANES * BINS];

  private int pending; // numbers in the lanes
  private double width; // of a bin; 0 until a number other than zero was seen
  private double inverse;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long count;

  /**
   * Counts the first numbers of an array.
   *
   * @param values the bits of float32 numbers
   * @param n how many, at least 1
   * @param low the least of them, finite
   * @param high the greatest, finite
   */
  void add(int[] values, int n, float low, float high) {
    min = Math.min(min, low);
    max = Math.max(max, high);
    count += n;
    reach(Math.max(-low, high));
    if (width == 0) {
      positive[0] += n; // nothing but zeros so far
      return;
    }
    float factor = (float) inverse;
    for (int i = 0; i < n; i++) {
      int magnitude = values[i] & Integer.MAX_VALUE;
      int bin = Math.min(BINS - 1, (int) (Float.intBitsToFloat(magnitude) * factor));
      int side = (-magnitude & values[i]) >>> (Integer.SIZE - 1); // 1 below zero; not at -0
      lanes[((i & (LANES - 1)) * 2 + side) * BINS + bin]++;
    }
    pending += n;
    if (pending > MOST_PENDING) {
      settle();
    }
  }

  /** Adds up the lanes. */
  private void settle() {
    if (pending == 0) {
      return;
    }
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < BINS; i++) {
        positive[i] += lanes[2 * lane * BINS + i];
        negative[i] += lanes[(2 * lane + 1) * BINS + i];
      }
    }
    Arrays.fill(lanes, 0);
    pending = 0;
  }

  /** Widens the bins until a magnitude falls into one. */
  private void reach(double magnitude) {
    if (magnitude == 0) {
      return;
    }
    if (width == 0) {
      width = magnitude / BINS;
    }
    while (magnitude > width * BINS) {
      settle();
      merge(positive);
      merge(negative);
      width *= 2;
    }
    inverse = 1 / width;
  }

  private static void merge(long[] bins) {
    for (int i = 0; i < BINS / 2; i++) {
      bins[i] = bins[2 * i] + bins[2 * i + 1];
    }
    Arrays.fill(bins, BINS / 2, BINS, 0);
  }

  /** How many numbers were counted. */
  long count() {
    return count;
  }

  /** The width of a bin; 0 if nothing but zeros was seen. */
  double width() {
    return width;
  }

  /** The whole range. */
  Range range() {
    return count == 0 ? new Range(0, 0) : new Range(min, max);
  }

  /** Numbers in [i width, (i + 1) width). */
  long positive(int i) {
    settle();
    return positive[i];
  }

  /** Numbers in (-(i + 1) width, -i width]. */
  long negative(int i) {
    settle();
    return negative[i];
  }

  /** Numbers whose magnitude falls into bin i. */
  long magnitude(int i) {
    settle();
    return positive[i] + negative[i];
  }

  /** The share of the numbers that lie outside a range, to a bin's width. */
  double clipped(Range kept) {
    settle();
    long outside = 0;
    for (int i = 0; i < BINS; i++) {
      double middle = (i + .5) * width;
      outside += middle > kept.max() ? positive[i] : 0;
      outside += -middle < kept.min() ? negative[i] : 0;
    }
    return count == 0 ? 0 : (double) outside / count;
  }
}
