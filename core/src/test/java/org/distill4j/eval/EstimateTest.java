package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {
  /** Newcombe, 1998, table I: the score method without continuity correction. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void share_asPublished_hasWilsonsInterval(int hits, int n, double low, double high) {
    Estimate share = Estimate.share(hits, n);
    assertThat(share.value()).isEqualTo((double) hits / n);
    assertThat(share.low()).isCloseTo(low, within(5e-5));
    assertThat(share.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void share_ofAll_staysWithinOne() {
    assertThat(Estimate.share(20, 20).high()).isEqualTo(1);
    assertThatThrownBy(() -> Estimate.share(21, 20)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pooled_seedsThatDiffer_addTheirSpread() {
    // sd(0.8, 0.9) = 0.0707107; t(1) = 12.7062; 12.7062 x 0.0707107 / sqrt(2) = 0.63531
    Estimate pooled =
        Estimate.pooled(List.of(new Estimate(.8, .77, .83, 100), new Estimate(.9, .87, .93, 100)));
    assertThat(pooled.value()).isCloseTo(.85, within(1e-12));
    assertThat(pooled.value() - pooled.low())
        .isCloseTo(Math.hypot(.03, .63531), within(1e-5))
        .isCloseTo(pooled.high() - pooled.value(), within(1e-12));
    Estimate one = Estimate.share(3, 4);
    assertThat(Estimate.pooled(List.of(one))).isEqualTo(one);
  }

  /** The standard error is what F1 varies by when the same confusion is drawn again and again. */
  @ParameterizedTest
  @CsvSource({"2", "3"})
  void f1_drawnAgain_variesByItsError(int classes) {
    int n = 600;
    int[] truths = new int[n];
    int[] answers = new int[n];
    SplittableRandom random = new SplittableRandom(Seeds.of(7));
    for (int i = 0; i < n; i++) {
      truths[i] = random.nextInt(classes + 1) % classes; // one class is more frequent
      answers[i] = random.nextInt(4) == 0 ? random.nextInt(classes) : truths[i];
    }
    Estimate f1 = Metric.F1.of(List.of(evaluation(classes, truths, answers))).orElseThrow();
    double[] drawn = new double[2000];
    for (int k = 0; k < drawn.length; k++) {
      int[] t = new int[n];
      int[] a = new int[n];
      for (int i = 0; i < n; i++) {
        int from = random.nextInt(n);
        t[i] = truths[from];
        a[i] = answers[from];
      }
      drawn[k] = evaluation(classes, t, a).more().get(Evaluation.F1);
    }
    double error = (f1.high() - f1.value()) / Estimate.Z;
    // 2000 draws know a standard deviation to 1.6 %, and F1 is not quite as linear as its error
    assertThat(error).isCloseTo(PooledComparison.standardDeviation(drawn), within(.1 * error));
  }

  @Test
  void mae_ofDistances_hasTheStandardErrorOfTheirMean() {
    // mean 2, sd of (1, 2, 3) = 1, 1.96 / sqrt(3) = 1.13158; squares 1, 4, 9: mean 4.6667
    Evaluation numbers =
        new Evaluation(
            "toy",
            "test",
            "a1",
            TaskType.REGRESSION,
            14 / 3.0,
            new Confusion(List.of(), new int[0][0]),
            new CalibrationAccumulator().calibration(),
            new Predictions(new float[] {1, 2, 3}),
            Map.of(Evaluation.MAE, 2.0, Evaluation.RMSE, Math.sqrt(14 / 3.0)));
    Estimate mae = Metric.MAE.of(List.of(numbers)).orElseThrow();
    assertThat(mae.high()).isCloseTo(3.13158, within(1e-5));
    Estimate rmse = Metric.RMSE.of(List.of(numbers)).orElseThrow();
    // sd of (1, 4, 9) = 4.04145, / sqrt(3) x 1.96 = 4.57325
    assertThat(rmse.high()).isCloseTo(Math.sqrt(14 / 3.0 + 4.57325), within(1e-5));
    assertThat(Metric.ACCURACY.of(List.of(numbers))).isEqualTo(Optional.empty());
    assertThat(Metric.AUC.of(List.of(numbers))).isEqualTo(Optional.empty());
  }

  @Test
  void unbounded_whereNoIntervalIsKnown_saysWhy() {
    assertThat(Metric.AUC.unbounded(TaskType.SINGLE_LABEL, 10)).isPresent();
    assertThat(Metric.AUC.unbounded(TaskType.SINGLE_LABEL, 2)).isEmpty();
    assertThat(Metric.F1.unbounded(TaskType.MULTI_LABEL, 3)).isPresent();
    assertThat(Metric.RMSE.unbounded(TaskType.REGRESSION, 2)).isPresent();
  }

  /** (1.959964 + 0.841621)² = 7.848880. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.05, 3925", "0.005, 0.02, 6280", "0.02, 0.1, 1963"})
  void margin_ofADiscordance_needsSoManyExamples(double margin, double discordance, long n) {
    assertThat(SampleSize.examples(margin, discordance)).isEqualTo(n);
    assertThat(SampleSize.shown(n, discordance)).isLessThanOrEqualTo(margin);
    assertThat(SampleSize.shown(n - 1, discordance)).isGreaterThan(margin);
  }

  private static Evaluation evaluation(int classes, int[] truths, int... answers) {
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < truths.length; i++) {
      counts[truths[i]][answers[i]]++;
    }
    Confusion confusion = new Confusion(List.of("a", "b", "c").subList(0, classes), counts);
    return new Evaluation(
        "toy",
        "test",
        "a1",
        TaskType.SINGLE_LABEL,
        .5,
        confusion,
        new CalibrationAccumulator().calibration(),
        new Predictions(truths, answers),
        Map.of(Evaluation.F1, confusion.f1()));
  }

  @Test
  void within_ofTwoSeedsThatLieApart_endsWhereSharesEnd() {
    Estimate pooled =
        Estimate.pooled(List.of(new Estimate(.8, .77, .83, 100), new Estimate(.9, .87, .93, 100)));
    assertThat(pooled.low()).isLessThan(.3);
    assertThat(pooled.high()).isGreaterThan(1); // t of one degree of freedom is 12.7
    assertThat(pooled.within(0, 1).high()).isEqualTo(1);
    assertThat(pooled.within(0, 1).low()).isEqualTo(pooled.low());
  }
}
