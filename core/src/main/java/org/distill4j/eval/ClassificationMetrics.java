package org.distill4j.eval;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.Split;
import org.distill4j.graph.TaskType;

/** Counts up how one class of several was answered. */
final class ClassificationMetrics implements MetricAccumulator {
  /** Scores are kept for ranking up to this many: 8 bytes each. */
  private static final long MOST_RANKED = 5_000_000;

  private final Split split;
  private final int[] truths;
  private final int[] answers;
  private final float[] odds; // of the second of two classes
  private final int[][] counts;
  private final CalibrationAccumulator reliability = new CalibrationAccumulator();
  private final ChanceAccumulator chance;
  private final Ranking[] rankings; // of the second of two classes, else one for each
  private double loss;
  private int right;

  ClassificationMetrics(Split split, int n) {
    this.split = split;
    this.truths = new int[n];
    this.answers = new int[n];
    int classes = split.data().classes().size();
    this.odds = classes == 2 ? new float[n] : null;
    this.counts = new int[classes][classes];
    this.chance = new ChanceAccumulator(classes);
    int ranked = classes == 2 ? 1 : (long) n * classes > MOST_RANKED ? 0 : classes;
    this.rankings = new Ranking[ranked];
    for (int k = 0; k < ranked; k++) {
      rankings[k] = new Ranking(n);
    }
  }

  /** Takes one logarithm of a probability per class, each at most 0. */
  @Override
  public void add(int index, double[] logProbabilities) {
    int truth = split.data().label(index);
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
    reliability.add(Math.exp(logProbabilities[answer]), answer == truth);
    right += answer == truth ? 1 : 0;
    if (odds != null) { // the odds, which no probability near 1 rounds
      odds[index] = (float) (logProbabilities[1] - logProbabilities[0]);
      rankings[0].add(odds[index], truth == 1);
      chance.add(truth, answer, -logProbabilities[truth], odds[index]);
    } else {
      chance.add(truth, answer, -logProbabilities[truth]);
      for (int k = 0; k < rankings.length; k++) {
        rankings[k].add((float) logProbabilities[k], truth == k);
      }
    }
  }

  @Override
  public Map<String, Double> soFar(int added) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("loss", loss / added);
    measures.put("accuracy", (double) right / added);
    return measures;
  }

  @Override
  public Evaluation evaluation() {
    Confusion confusion = new Confusion(split.data().classes(), counts);
    Map<String, Double> more = new LinkedHashMap<>();
    more.put(Evaluation.F1, confusion.f1());
    Means.put(more, Evaluation.AUC, rankings);
    ChanceLevel level = chance.level();
    Predictions predictions = new Predictions(truths, answers, odds);
    more.put(Evaluation.BALANCED_ACCURACY, level.balanced());
    if (predictions.isRanked()) {
      more.put(Evaluation.AVERAGE_PRECISION, predictions.averagePrecision());
    }
    return new Evaluation(
        split.data().name(),
        split.purpose(),
        split.data().sha256(),
        TaskType.SINGLE_LABEL,
        loss / truths.length,
        confusion,
        reliability.calibration(),
        predictions,
        more,
        level,
        null);
  }

  @Override
  public String summary(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "accuracy %.4f (%,d wrong of %,d)",
        evaluation.accuracy(),
        evaluation.errors(),
        evaluation.n());
  }
}
