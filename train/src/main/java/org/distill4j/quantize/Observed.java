package org.distill4j.quantize;

import java.nio.IntBuffer;
import org.distill4j.tensor.HostTensor;

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
   * @param tensor float32
   * @return whether all numbers are finite; if not, what follows is not counted
   */
  boolean see(HostTensor tensor) {
    IntBuffer values = tensor.bytes().asIntBuffer();
    int[] run = new int[Math.min(RUN, Math.max(1, values.limit()))];
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int at = 0; at < values.limit(); at += run.length) {
      int n = Math.min(run.length, values.limit() - at);
      values.get(at, run, 0, n);
      int least = Integer.MAX_VALUE;
      int most = Integer.MIN_VALUE;
      for (int i = 0; i < n; i++) {
        int ordered = ordered(run[i]);
        least = Math.min(least, ordered);
        most = Math.max(most, ordered);
      }
      float low = Float.intBitsToFloat(ordered(least));
      float high = Float.intBitsToFloat(ordered(most));
      if (!Float.isFinite(low) || !Float.isFinite(high)) {
        return false;
      }
      histogram.add(run, n, low, high);
      min = Math.min(min, low);
      max = Math.max(max, high);
    }
    if (values.limit() > 0) {
      averageMin = any ? averageMin + NEWS * (min - averageMin) : min;
      averageMax = any ? averageMax + NEWS * (max - averageMax) : max;
      any = true;
    }
    return true;
  }

  /**
   * A float's bits as an integer that is as large among integers as the float is among floats, and
   * back; NaNs stand beyond the infinities. Integers are compared eight at a time.
   */
  private static int ordered(int bits) {
    return bits ^ (bits >> (Integer.SIZE - 1) >>> 1);
  }

  Histogram histogram() {
    return histogram;
  }

  /** The exponential moving average of each batch's extremes. */
  Range movingAverage() {
    return new Range(Math.min(averageMin, averageMax), averageMax);
  }
}
