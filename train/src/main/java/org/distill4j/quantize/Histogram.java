package org.distill4j.quantize;

import java.nio.FloatBuffer;
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
  private static final int RUN = 4096; // floats that stay in the first cache

  private final long[] positive = new long[BINS];
  private final long[] negative = new long[BINS];
  private double width; // of a bin; 0 until a number other than zero was seen
  private double inverse;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long count;

  /**
   * Counts all numbers of a buffer, from its start to its limit; there is at least one.
   *
   * @param low the least of them, finite
   * @param high the greatest, finite
   */
  void add(FloatBuffer values, float low, float high) {
    int n = values.limit();
    min = Math.min(min, low);
    max = Math.max(max, high);
    count += n;
    reach(Math.max(-low, high));
    if (width == 0) {
      positive[0] += n; // nothing but zeros so far
      return;
    }
    float factor = (float) inverse;
    int[] counts = new int[2 * LANES * BINS];
    float[] run = new float[Math.min(RUN, n)];
    for (int at = 0; at < n; at += run.length) {
      int m = Math.min(run.length, n - at);
      values.get(at, run, 0, m);
      count(run, m, factor, counts);
    }
    for (int i = 0; i < BINS; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        positive[i] += counts[2 * lane * BINS + i];
        negative[i] += counts[(2 * lane + 1) * BINS + i];
      }
    }
  }

  /** Neighbours count in different places, as the same number often follows itself. */
  private static void count(float[] run, int n, float factor, int[] counts) {
    for (int i = 0; i < n; i++) {
      float x = run[i];
      int bin = Math.min(BINS - 1, (int) (Math.abs(x) * factor));
      int side = (Float.floatToRawIntBits(x + 0f) >>> (Integer.SIZE - 1)) * BINS;
      counts[(i & (LANES - 1)) * 2 * BINS + side + bin]++;
    }
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
    return positive[i];
  }

  /** Numbers in (-(i + 1) width, -i width]. */
  long negative(int i) {
    return negative[i];
  }

  /** Numbers whose magnitude falls into bin i. */
  long magnitude(int i) {
    return positive[i] + negative[i];
  }

  /** The share of the numbers that lie outside a range, to a bin's width. */
  double clipped(Range kept) {
    long outside = 0;
    for (int i = 0; i < BINS; i++) {
      double middle = (i + .5) * width;
      outside += middle > kept.max() ? positive[i] : 0;
      outside += -middle < kept.min() ? negative[i] : 0;
    }
    return count == 0 ? 0 : (double) outside / count;
  }
}
