package org.distill4j.eval;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.data.Split;

/** Counts up an evaluation, example by example. */
final class Tally {
  /** As many as Guo et al. used for every figure of theirs. */
  static final int BINS = 15;

  private final Split split;
  private final int[] truths;
  private final int[] answers;
  private final int[][] counts;
  private final int[] binCounts = new int[BINS];
  private final int[] binRight = new int[BINS];
  private final double[] binConfidence = new double[BINS];
  private double loss;
  private int right;

  Tally(Split split, int n) {
    this.split = split;
    this.truths = new int[n];
    this.answers = new int[n];
    int classes = split.data().classes().size();
    this.counts = new int[classes][classes];
  }

  /**
   * Adds one example.
   *
   * @param logProbabilities one per class, each at most 0
   */
  void add(int index, int truth, double[] logProbabilities) {
    int answer = 0;
    for (int k = 1; k < logProbabilities.length; k++) {
      if (logProbabilities[k] > logProbabilities[answer]) {
        answer = k;
      }
    }
    truths[index] = truth;
    answers[index] = answer;
    counts[truth][answer]++;
    loss -= logProbabilities[truth];
    double confidence = Math.exp(logProbabilities[answer]);
    int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
    binCounts[bin]++;
    binConfidence[bin] += confidence;
    if (answer == truth) {
      right++;
      binRight[bin]++;
    }
  }

  double accuracySoFar(int added) {
    return (double) right / added;
  }

  double lossSoFar(int added) {
    return loss / added;
  }

  Evaluation evaluation() {
    List<Calibration.Bin> bins = new ArrayList<>(BINS);
    for (int m = 0; m < BINS; m++) {
      double count = binCounts[m];
      bins.add(new Calibration.Bin(binCounts[m], binConfidence[m] / count, binRight[m] / count));
    }
    return new Evaluation(
        split.data().name(),
        split.purpose(),
        split.data().sha256(),
        lossSoFar(truths.length),
        new Confusion(split.data().classes(), counts),
        new Calibration(bins),
        new Predictions(truths, answers));
  }
}
