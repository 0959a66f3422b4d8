package org.distill4j.eval;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.Split;
import org.distill4j.graph.TaskType;

/** Counts up how any number of classes was answered, each by itself: it is there above 1/2. */
final class MultiLabelMetrics implements MetricAccumulator {
  private final Split split;
  private final int[] exact;
  private final int[] truePositives;
  private final int[] falsePositives;
  private final int[] falseNegatives;
  private final CalibrationAccumulator reliability = new CalibrationAccumulator();
  private final Ranking[] rankings;
  private final List<ChanceAccumulator> chances;
  private final FloatBuffer truth;
  private double loss;
  private long right;

  MultiLabelMetrics(Split split, int n) {
    this.split = split;
    this.exact = new int[n];
    int classes = split.data().classes().size();
    this.truePositives = new int[classes];
    this.falsePositives = new int[classes];
    this.falseNegatives = new int[classes];
    this.rankings = new Ranking[classes];
    this.chances = ChanceAccumulator.ofLabels(classes);
    for (int k = 0; k < classes; k++) {
      rankings[k] = new Ranking(n);
    }
    this.truth = FloatBuffer.allocate(classes);
  }

  /** Takes one logit per class. */
  @Override
  public void add(int index, double[] logits) {
    split.data().targets(index, truth.clear());
    boolean all = true;
    for (int k = 0; k < logits.length; k++) {
      boolean has = truth.get(k) > 0.5;
      boolean said = logits[k] > 0;
      double z = has ? -logits[k] : logits[k]; // ln(1 + e^z), without overflow
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      double sure = 1 / (1 + Math.exp(-Math.abs(logits[k])));
      reliability.add(sure, said == has);
      rankings[k].add((float) logits[k], has);
      chances.get(k).add(has, logits[k]);
      truePositives[k] += has && said ? 1 : 0;
      falsePositives[k] += !has && said ? 1 : 0;
      falseNegatives[k] += has && !said ? 1 : 0;
      right += said == has ? 1 : 0;
      all &= said == has;
    }
    exact[index] = all ? 1 : 0;
  }

  @Override
  public Map<String, Double> soFar(int added) {
    double decisions = (double) added * rankings.length;
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("loss", loss / decisions);
    measures.put(Evaluation.LABEL_ACCURACY, right / decisions);
    return measures;
  }

  @Override
  public Evaluation evaluation() {
    double decisions = (double) exact.length * rankings.length;
    double[] f1 = new double[rankings.length];
    for (int k = 0; k < f1.length; k++) {
      f1[k] = f1(truePositives[k], falsePositives[k], falseNegatives[k]);
    }
    Map<String, Double> more = new LinkedHashMap<>();
    more.put(Evaluation.F1, Means.of(f1));
    more.put(
        Evaluation.F1_MICRO,
        f1(
            Arrays.stream(truePositives).sum(),
            Arrays.stream(falsePositives).sum(),
            Arrays.stream(falseNegatives).sum()));
    Means.put(more, Evaluation.AUC, rankings);
    more.put(Evaluation.LABEL_ACCURACY, right / decisions);
    int[] all = new int[exact.length];
    Arrays.fill(all, 1);
    return new Evaluation(
        split.data().name(),
        split.purpose(),
        split.data().sha256(),
        TaskType.MULTI_LABEL,
        loss / decisions,
        new Confusion(List.of(), new int[0][0]),
        reliability.calibration(),
        new Predictions(all, exact),
        more,
        ChanceAccumulator.level(chances),
        null);
  }

  /** {@code 2 TP / (2 TP + FP + FN)}; NaN where the class is neither there nor answered. */
  static double f1(long truePositives, long falsePositives, long falseNegatives) {
    return 2.0 * truePositives / (2.0 * truePositives + falsePositives + falseNegatives);
  }

  @Override
  public String summary(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "F1 %.4f, label accuracy %.4f, all labels right %.4f of %,d",
        evaluation.more().get(Evaluation.F1),
        evaluation.more().get(Evaluation.LABEL_ACCURACY),
        evaluation.accuracy(),
        evaluation.n());
  }
}
