package org.distill4j.quantize;

import java.nio.FloatBuffer;

/** What was seen of one tensor while examples ran through the model: enough for every observer. */
final class Observed {
  /** How much of the moving average each batch replaces, as calibration has few batches. */
  private static final double NEWS = .1;

  private static final int RUN = 4096; // floats that stay in the first cache

  private final Histogram histogram = new Histogram();
  private double averageMin;
  private double averageMax;
  private boolean any;

  /**
   * Sees one batch of it.
   *
   * @return whether all numbers are finite; if not, nothing is counted
   */
  boolean see(FloatBuffer values) {
    float[] run = new float[Math.min(RUN, Math.max(1, values.limit()))];
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    float probe = 0; // 0 x NaN and 0 x infinity are NaN
    for (int at = 0; at < values.limit(); at += run.length) {
      int n = Math.min(run.length, values.limit() - at);
      values.get(at, run, 0, n);
      for (int i = 0; i < n; i++) {
        float x = run[i];
        min = x < min ? x : min;
        max = x > max ? x : max;
        probe += x * 0;
      }
    }
    if (probe != 0 || values.limit() == 0) {
      return probe == 0;
    }
    averageMin = any ? averageMin + NEWS * (min - averageMin) : min;
    averageMax = any ? averageMax + NEWS * (max - averageMax) : max;
    any = true;
    histogram.add(values, min, max);
    return true;
  }

  Histogram histogram() {
    return histogram;
  }

  /** The exponential moving average of each batch's extremes. */
  Range movingAverage() {
    return new Range(Math.min(averageMin, averageMax), averageMax);
  }
}
