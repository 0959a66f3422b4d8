package org.distill4j.eval;

import java.util.ArrayList;
import java.util.List;

/** Counts up a {@link Calibration}. */
final class CalibrationAccumulator {
  /** As many as Guo et al. used for every figure of theirs. */
  static final int BINS = 15;

  private final int[] counts = new int[BINS];
  private final int[] right = new int[BINS];
  private final double[] confidence = new double[BINS];

  /** Adds an answer that was given with this probability. */
  void add(double probability, boolean isRight) {
    int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(probability * BINS) - 1));
    counts[bin]++;
    confidence[bin] += probability;
    right[bin] += isRight ? 1 : 0;
  }

  Calibration calibration() {
    List<Calibration.Bin> bins = new ArrayList<>(BINS);
    for (int m = 0; m < BINS; m++) {
      double count = counts[m];
      bins.add(new Calibration.Bin(counts[m], confidence[m] / count, right[m] / count));
    }
    return new Calibration(bins);
  }
}
