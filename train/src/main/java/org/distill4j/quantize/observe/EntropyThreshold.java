package org.distill4j.quantize.observe;

/**
 * Finds the threshold on magnitudes at which a clipped distribution P and its quantized form Q
 * differ least, {@code KL(P || Q) = sum P log(P / Q)}.
 *
 * <p>P is the histogram up to the threshold, the clipped mass in its last bin; Q merges the same
 * bins, without that mass, into as many levels as the integers have and spreads each level evenly
 * over its bins that are not empty. A sign takes half of the levels.
 */
final class EntropyThreshold {
  private static final int UNSIGNED_LEVELS = 256;
  private static final int SIGNED_LEVELS = 128;
  private static final double SMOOTHING = 1e-4;
  private static final int STEP =
      8; // bins between thresholds: finer ones change nothing that shows

  private final Histogram histogram;
  private final double[] bins = new double[Histogram.BINS];
  private final int levels;

  EntropyThreshold(Histogram histogram) {
    this.histogram = histogram;
    this.levels = histogram.range().min() < 0 ? SIGNED_LEVELS : UNSIGNED_LEVELS;
    for (int i = 0; i < bins.length; i++) {
      bins[i] = histogram.magnitude(i);
    }
    bins[0] = bins[1]; // zeros are exact at any scale and must not outvote the rest
  }

  Range range() {
    if (histogram.width() == 0) {
      return histogram.range();
    }
    int best = bins.length;
    double least = Double.POSITIVE_INFINITY;
    for (int kept = levels; kept <= bins.length; kept += STEP) {
      double divergence = of(kept);
      if (divergence <= least) {
        least = divergence;
        best = kept;
      }
    }
    return histogram.range().within(best * histogram.width());
  }

  private double of(int kept) {
    double[] p = new double[kept];
    double total = 0;
    for (int i = 0; i < bins.length; i++) {
      p[Math.min(i, kept - 1)] += bins[i];
      total += bins[i];
    }
    double[] q = quantized(kept);
    double inside = 0;
    for (double x : q) {
      inside += x;
    }
    if (inside == 0 || total == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      if (p[i] > 0) {
        double was = p[i] / total;
        sum += was * Math.log(was / Math.max(q[i] / inside, SMOOTHING / kept));
      }
    }
    return sum;
  }

  /** What is left of the bins when only so many levels can be told apart. */
  private double[] quantized(int kept) {
    double[] q = new double[kept];
    for (int level = 0; level < levels; level++) {
      int from = (int) ((long) level * kept / levels);
      int to = (int) ((level + 1L) * kept / levels);
      double mass = 0;
      int filled = 0;
      for (int i = from; i < to; i++) {
        mass += bins[i];
        filled += bins[i] > 0 ? 1 : 0;
      }
      for (int i = from; i < to; i++) {
        q[i] = bins[i] > 0 ? mass / filled : 0;
      }
    }
    return q;
  }
}
