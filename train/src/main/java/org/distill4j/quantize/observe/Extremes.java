package org.distill4j.quantize.observe;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The least and the greatest of many floats and of zero, found by their bits: among floats of one
 * sign a larger magnitude is a larger integer. The loop has neither branches nor arithmetic of
 * floats, so that the JVM turns it into vector instructions.
 *
 * @param least at most 0
 * @param greatest at least 0
 */
record Extremes(float least, float greatest) {
  /** How many floats stay in the first cache with what is made of them. */
  static final int RUN = 2048;

  /**
   * Looks at all numbers of a tensor.
   *
   * @param values the bits of float32 numbers
   */
  static Extremes of(IntBuffer values) {
    int[] run = new int[RUN];
    int[] greatest = new int[RUN]; // at each place of a run
    int[] least = new int[RUN];
    for (int at = 0; at < values.limit(); at += RUN) {
      int n = Math.min(RUN, values.limit() - at);
      values.get(at, run, 0, n);
      widen(run, n, greatest, least);
    }
    return new Extremes(0 - largest(least), largest(greatest));
  }

  private static float largest(int[] magnitudes) {
    return Float.intBitsToFloat(Arrays.stream(magnitudes).max().orElseThrow());
  }

  /** Whether all numbers were: one that is not makes an end infinite or no number. */
  boolean areFinite() {
    return Float.isFinite(least) && Float.isFinite(greatest);
  }

  private static void widen(int[] bits, int n, int[] greatest, int[] least) {
    for (int i = 0; i < n; i++) {
      int sign = bits[i] >> (Integer.SIZE - 1); // all ones below zero
      int magnitude = bits[i] & Integer.MAX_VALUE;
      int less = greatest[i] - (magnitude & ~sign);
      greatest[i] -= less & (less >> (Integer.SIZE - 1)); // their maximum
      int more = least[i] - (magnitude & sign);
      least[i] -= more & (more >> (Integer.SIZE - 1));
    }
  }
}
