package org.distill4j.eval;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.Split;
import org.distill4j.graph.TaskType;

/** Counts up how far numbers were from the truth. */
final class RegressionMetrics implements MetricAccumulator {
  private final Split split;
  private final float[] distances; // mean absolute error of each example
  private final FloatBuffer truth;
  private final double[] squares; // of each example, summed
  private final double[] first; // answer
  private final double[] means;
  private final double[] spread; // squared distances of the truth to its mean
  private double absolute;
  private double squared;
  private boolean isOneAnswer = true;
  private int added;

  RegressionMetrics(Split split, int n) {
    this.split = split;
    this.distances = new float[n];
    int numbers = split.data().classes().size();
    this.truth = FloatBuffer.allocate(numbers);
    this.squares = new double[n];
    this.first = new double[numbers];
    this.means = new double[numbers];
    this.spread = new double[numbers];
  }

  /** Takes the numbers as the model gives them. */
  @Override
  public void add(int index, double[] answer) {
    split.data().targets(index, truth.clear());
    if (added == 0) {
      System.arraycopy(answer, 0, first, 0, answer.length);
    }
    isOneAnswer &= Arrays.equals(answer, first);
    added++;
    double sum = 0;
    double square = 0;
    for (int k = 0; k < answer.length; k++) {
      double error = answer[k] - truth.get(k);
      sum += Math.abs(error);
      square += error * error;
      double before = truth.get(k) - means[k];
      means[k] += before / added;
      spread[k] += before * (truth.get(k) - means[k]);
    }
    absolute += sum;
    squared += square;
    squares[index] = square;
    distances[index] = (float) (sum / answer.length);
  }

  @Override
  public Map<String, Double> soFar(int done) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("loss", squared / count());
    measures.put(Evaluation.MAE, absolute / count());
    return measures;
  }

  private double count() {
    return (double) added * means.length;
  }

  @Override
  public Evaluation evaluation() {
    double all = 0;
    for (double one : spread) {
      all += one;
    }
    Map<String, Double> more = new LinkedHashMap<>();
    more.put(Evaluation.MAE, absolute / count());
    more.put(Evaluation.RMSE, Math.sqrt(squared / count()));
    if (all > 0) {
      more.put(Evaluation.R2, 1 - squared / all);
    }
    return new Evaluation(
        split.data().name(),
        split.purpose(),
        split.data().sha256(),
        TaskType.REGRESSION,
        squared / count(),
        new Confusion(List.of(), new int[0][0]),
        new CalibrationAccumulator().calibration(),
        new Predictions(distances),
        more,
        null,
        MeanLevel.of(split.data(), squares, isOneAnswer));
  }

  @Override
  public String summary(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "mean absolute error %.4g, root mean squared %.4g, of %,d",
        evaluation.more().get(Evaluation.MAE),
        evaluation.more().get(Evaluation.RMSE),
        evaluation.n());
  }
}
