package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.PooledComparison;
import org.distill4j.graph.TaskType;

/**
 * The metrics of a model on the test set.
 *
 * @param n examples
 * @param accuracy share answered rightly, 0 to 1; null where numbers are asked for
 * @param errors examples answered wrongly; null where numbers are asked for
 * @param loss mean cross-entropy in nats; mean squared error where numbers are asked for
 * @param calibrationError expected calibration error, 0 to 1; null if it was not measured
 * @param mean with several seeds the mean of each of them by its name; else null
 * @param sd likewise the standard deviation between the seeds
 * @param f1 {@link Evaluation#F1}; like the following null where it does not suit the task
 * @param f1Micro {@link Evaluation#F1_MICRO}
 * @param auc {@link Evaluation#AUC}
 * @param balancedAccuracy {@link Evaluation#BALANCED_ACCURACY}
 * @param averagePrecision {@link Evaluation#AVERAGE_PRECISION}
 * @param labelAccuracy {@link Evaluation#LABEL_ACCURACY}
 * @param mae {@link Evaluation#MAE}
 * @param rmse {@link Evaluation#RMSE}
 * @param r2 {@link Evaluation#R2}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metrics(
    int n,
    Double accuracy,
    Integer errors,
    double loss,
    @JsonProperty("calibration_error") Double calibrationError,
    Map<String, Double> mean,
    Map<String, Double> sd,
    Double f1,
    @JsonProperty("f1_micro") Double f1Micro,
    Double auc,
    @JsonProperty("balanced_accuracy") Double balancedAccuracy,
    @JsonProperty("average_precision") Double averagePrecision,
    @JsonProperty("label_accuracy") Double labelAccuracy,
    Double mae,
    Double rmse,
    Double r2) {
  /** Those of one class out of several under one seed, no more. */
  public Metrics(int n, double accuracy, int errors, double loss, Double calibrationError) {
    this(n, (Double) accuracy, (Integer) errors, loss, calibrationError, null, null, Map.of());
  }

  private Metrics(
      int n,
      Double accuracy,
      Integer errors,
      double loss,
      Double calibrationError,
      Map<String, Double> mean,
      Map<String, Double> sd,
      Map<String, Double> more) {
    this(
        n,
        accuracy,
        errors,
        loss,
        calibrationError,
        mean,
        sd,
        more.get(Evaluation.F1),
        more.get(Evaluation.F1_MICRO),
        more.get(Evaluation.AUC),
        more.get(Evaluation.BALANCED_ACCURACY),
        more.get(Evaluation.AVERAGE_PRECISION),
        more.get(Evaluation.LABEL_ACCURACY),
        more.get(Evaluation.MAE),
        more.get(Evaluation.RMSE),
        more.get(Evaluation.R2));
  }

  /** The means of several seeds, and how far they lie apart; errors to the nearest whole. */
  public static Metrics of(List<Evaluation> seeds) {
    if (seeds.size() == 1) {
      return of(seeds.get(0));
    }
    Evaluation first = seeds.get(0);
    boolean numbers = first.task() == TaskType.REGRESSION;
    Map<String, Double> mean = new LinkedHashMap<>();
    Map<String, Double> sd = new LinkedHashMap<>();
    if (!numbers) {
      spread("accuracy", seeds, Evaluation::accuracy, mean, sd);
      spread("errors", seeds, Evaluation::errors, mean, sd);
    }
    spread("loss", seeds, Evaluation::loss, mean, sd);
    for (String name : first.more().keySet()) {
      spread(name, seeds, e -> e.more().getOrDefault(name, Double.NaN), mean, sd);
    }
    double calibration =
        seeds.stream().mapToDouble(e -> e.calibration().error()).average().orElseThrow();
    return new Metrics(
        first.n(),
        mean.get("accuracy"),
        numbers ? null : (Integer) (int) Math.round(mean.get("errors")),
        mean.get("loss"),
        numbers ? null : (Double) calibration,
        mean,
        sd,
        mean);
  }

  private static void spread(
      String name,
      List<Evaluation> seeds,
      ToDoubleFunction<Evaluation> metric,
      Map<String, Double> mean,
      Map<String, Double> sd) {
    double[] values = seeds.stream().mapToDouble(metric).toArray();
    mean.put(name, Arrays.stream(values).average().orElseThrow());
    sd.put(name, PooledComparison.standardDeviation(values));
  }

  /** The numbers of an evaluation. */
  public static Metrics of(Evaluation evaluation) {
    boolean numbers = evaluation.task() == TaskType.REGRESSION;
    return new Metrics(
        evaluation.n(),
        numbers ? null : (Double) evaluation.accuracy(),
        numbers ? null : (Integer) evaluation.errors(),
        evaluation.loss(),
        numbers ? null : (Double) evaluation.calibration().error(),
        null,
        null,
        evaluation.more());
  }
}
