package org.distill4j.quantize.observe;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * How often numbers fall where, in one pass and bounded memory: 2048 bins on either side of zero.
 * The width of a bin is a power of two; where a number falls outside, the bins double it and
 * neighbours are merged, so that every count stays exact.
 *
 * <p>While numbers arrive they are counted by their leading bits, 1024 places for each power of
 * two: that needs no arithmetic of floats, and loops without branches, which the JVM turns into
 * vector instructions. A bin is a whole number of such places.
 */
public final class Histogram {
  /** Bins on each side of zero. */
  static final int BINS = 2048;

  private static final int OCTAVES = 11; // powers of two that 2048 bins span
  private static final int PLACES = 1024; // for each of them
  private static final int SHIFT = 13; // drops the bits of a float that do not choose its place
  private static final int EXPONENT = 23; // where the exponent of a float begins
  private static final int SIDE = 1 << 14; // places on each side of zero
  private static final int MOST_PENDING = 1 << 30;

  /**
   * Where numbers below the first bin's end are counted, side by side: most are zeros, and counting
   * at the same place again and again waits for the memory.
   */
  private static final int SMALL = SIDE - 8;

  private static final int[] SPREAD = new int[Extremes.RUN];

  static {
    Arrays.setAll(SPREAD, i -> SMALL | (i & (SIDE - 1 - SMALL)));
  }

  private final long[] positive = new long[BINS];
  private final long[] negative = new long[BINS];
  private int[] places = new int[SIDE]; // positive ones, and negative ones once there are any
  private int pending; // numbers counted in places
  private int exponent; // of the width, as a float spells it; 0 until a number other than zero came
  private Range range = new Range(0, 0);
  private long count;

  /**
   * Counts all numbers of a tensor.
   *
   * @param values the bits of float32 numbers
   * @param extremes of them, finite
   */
  void add(IntBuffer values, Extremes extremes) {
    range = range.or(new Range(extremes.least(), extremes.greatest()));
    count += values.limit();
    reach((float) range.magnitude());
    if (range.min() < 0 && places.length == SIDE) {
      places = Arrays.copyOf(places, 2 * SIDE);
    }
    int[] run = new int[Extremes.RUN];
    int[] found = new int[Extremes.RUN];
    for (int at = 0; at < values.limit(); at += run.length) {
      int n = Math.min(run.length, values.limit() - at);
      values.get(at, run, 0, n);
      find(run, n, (exponent << EXPONENT) - (1 << SHIFT), found, SPREAD);
      count(found, n, places);
      pending += n;
      if (pending > MOST_PENDING) {
        settle();
      }
    }
  }

  /** The place of each number: 0 and {@link #SPREAD} below the first bin's end, 1 from there on. */
  private static void find(int[] bits, int n, int below, int[] found, int[] spread) {
    for (int i = 0; i < n; i++) {
      int above = (bits[i] & Integer.MAX_VALUE) - below;
      above &= ~(above >> (Integer.SIZE - 1));
      int small = (above - (1 << SHIFT)) >> (Integer.SIZE - 1);
      int side = (bits[i] >>> (Integer.SIZE - 1)) * SIDE;
      found[i] = (above >>> SHIFT) | side | (small & spread[i]);
    }
  }

  private static void count(int[] found, int n, int[] places) {
    int mask = places.length - 1; // a minus zero stands among the positive ones if it is alone
    for (int i = 0; i < n; i++) {
      places[found[i] & mask]++;
    }
  }

  /** Adds the places up to bins. */
  private void settle() {
    if (pending == 0) {
      return;
    }
    settle(0, positive);
    if (places.length > SIDE) {
      settle(SIDE, negative);
    }
    Arrays.fill(places, 0);
    pending = 0;
  }

  private void settle(int side, long[] bins) {
    for (int i = SMALL; i < SIDE; i++) {
      bins[0] += places[side + i];
    }
    int place = side + 1;
    for (int octave = 0; octave < OCTAVES; octave++) {
      for (int i = 0; i < PLACES; i++) {
        bins[(1 << octave) + (i >> (OCTAVES - 1 - octave))] += places[place++];
      }
    }
  }

  /** Widens the bins until a magnitude falls into one. */
  private void reach(float magnitude) {
    int wanted = Math.max(1, (Float.floatToRawIntBits(magnitude) >> EXPONENT) - (OCTAVES - 1));
    if (wanted > exponent) {
      settle();
      for (; exponent > 0 && exponent < wanted; exponent++) {
        merge(positive);
        merge(negative);
      }
      exponent = wanted;
    }
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
    return range.magnitude() > 0 ? Float.intBitsToFloat(exponent << EXPONENT) : 0;
  }

  /** From the least to the greatest, zero taken in. */
  Range range() {
    return range;
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

  /** The share of the numbers that lie outside a range, to a bin's width; 0 of the whole range. */
  public double clipped(Range kept) {
    settle();
    boolean cutsHigh = kept.max() < range.max();
    boolean cutsLow = kept.min() > range.min();
    long outside = 0;
    double width = width();
    for (int i = 0; i < BINS; i++) {
      double middle = (i + .5) * width;
      outside += cutsHigh && middle > kept.max() ? positive[i] : 0;
      outside += cutsLow && -middle < kept.min() ? negative[i] : 0;
    }
    return count == 0 ? 0 : (double) outside / count;
  }
}
