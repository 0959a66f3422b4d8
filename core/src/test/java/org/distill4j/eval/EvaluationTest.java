package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.data.TestSet;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Dim;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final float LN2 = (float) Math.log(2);

  /** Softmax of {ln 2, 0, 0} is {1/2, 1/4, 1/4}. */
  private static final float[][] ROWS = {{LN2, 0, 0}, {0, LN2, 0}, {0, 0, LN2}, {LN2, 0, 0}};

  private static Evaluation evaluate(Toy.Rows rows) {
    return Evaluation.of(new Toy.Scaling(1, 3), Preprocessing.NONE, new TestSet(rows));
  }

  @Test
  void of_logits_givesTheNumbersWorkedOutByHand() {
    Evaluation evaluation = evaluate(new Toy.Rows(ROWS, 0, 1, 2, 2));
    assertThat(evaluation.n()).isEqualTo(4);
    assertThat(evaluation.errors()).isEqualTo(1);
    assertThat(evaluation.accuracy()).isEqualTo(0.75);
    // three right at probability 1/2, one wrong at 1/4: (3 ln 2 + ln 4) / 4
    assertThat(evaluation.loss()).isCloseTo(5 * Math.log(2) / 4, within(1e-6));
    assertThat(evaluation.confusion().count(2, 0)).isEqualTo(1);
    assertThat(evaluation.confusion().count(2, 2)).isEqualTo(1);
    assertThat(evaluation.confusion().examples(2)).isEqualTo(2);
    assertThat(evaluation.confusion().accuracy(2)).isEqualTo(0.5);
    assertThat(evaluation.confusion().accuracy(0)).isEqualTo(1);
    assertThat(evaluation.predictions().answer(3)).isZero();
    assertThat(evaluation.predictions().isRight(3)).isFalse();
  }

  @Test
  void calibration_fourAtOneHalf_allInTheEighthOfFifteenBins() {
    Calibration calibration = evaluate(new Toy.Rows(ROWS, 0, 1, 2, 2)).calibration();
    assertThat(calibration.bins()).hasSize(15);
    Calibration.Bin bin = calibration.bins().get(7); // (7/15, 8/15] holds 1/2
    assertThat(bin.count()).isEqualTo(4);
    assertThat(bin.confidence()).isCloseTo(0.5, within(1e-6));
    assertThat(bin.accuracy()).isEqualTo(0.75);
    assertThat(calibration.error()).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void calibration_twoBins_isWeightedByCount() {
    Calibration calibration =
        new Calibration(
            List.of(
                new Calibration.Bin(0, Double.NaN, Double.NaN),
                new Calibration.Bin(30, 0.6, 0.5),
                new Calibration.Bin(10, 0.9, 0.7)));
    assertThat(calibration.error()).isCloseTo((30 * 0.1 + 10 * 0.2) / 40, within(1e-12));
  }

  @Test
  void of_probabilities_givesTheSameAsTheirLogits() {
    float[][] rows = {{0.5f, 0.25f, 0.25f}, {0, 1, 0}};
    Evaluation evaluation =
        Evaluation.of(
            new Toy.Scaling(1, 3),
            ScoreKind.PROBABILITIES,
            Preprocessing.NONE,
            new TestSet(new Toy.Rows(rows, 0, 1)),
            ProgressListener.NONE);
    assertThat(evaluation.loss()).isCloseTo(Math.log(2) / 2, within(1e-6));
  }

  @Test
  void of_hugeLogits_overflowsNothing() {
    float[][] rows = {{3e38f, 0, 0}};
    assertThat(evaluate(new Toy.Rows(rows, 0)).loss()).isZero();
    assertThat(evaluate(new Toy.Rows(rows, 1)).loss()).isCloseTo(3e38, within(1e32));
  }

  @Test
  void of_preprocessing_isAppliedToRawValues() {
    float[][] rows = {{0, 255, 0}};
    Evaluation evaluation =
        Evaluation.of(
            new Toy.Scaling(LN2, 3),
            Preprocessing.scale(1 / 255.0),
            new TestSet(new Toy.Rows(rows, 1)));
    assertThat(evaluation.loss()).isCloseTo(Math.log(2), within(1e-6));
  }

  @Test
  void of_severalBatches_keepsTheOrder() {
    int[] labels = new int[1000];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 4 % 3; // as the rows answer: 0 1 2 0
    }
    labels[999] = 1;
    Evaluation evaluation = evaluate(new Toy.Rows(ROWS, labels));
    assertThat(evaluation.errors()).isEqualTo(1);
    assertThat(evaluation.predictions().isRight(999)).isFalse();
  }

  @Test
  void of_modelOfFixedBatch_isFedFullBatches() {
    Toy.Scaling model = new Toy.Scaling(1, Dim.of(3), Dim.of(3));
    Evaluation evaluation =
        Evaluation.of(model, Preprocessing.NONE, new TestSet(new Toy.Rows(ROWS, 0, 1, 2, 2)));
    assertThat(evaluation.errors()).isEqualTo(1);
  }

  @Test
  void of_outputOfUnknownSize_findsItByATrial() {
    Toy.Scaling model = new Toy.Scaling(1, Dim.of("batch"), Dim.UNKNOWN);
    Evaluation evaluation =
        Evaluation.of(model, Preprocessing.NONE, new TestSet(new Toy.Rows(ROWS, 0, 1, 2, 2)));
    assertThat(evaluation.errors()).isEqualTo(1);
  }

  @Test
  void of_listener_hearsTheWholeStep() {
    List<String> heard = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void begin(String step, long total, String unit) {
            heard.add(step + " " + total + " " + unit);
          }

          @Override
          public void advance(long done, Map<String, Double> measures) {
            heard.add(done + " " + measures.keySet() + " " + measures.get("accuracy"));
          }

          @Override
          public void end(String summary) {
            heard.add(summary);
          }
        };
    Evaluation.of(
        new Toy.Scaling(1, 3),
        ScoreKind.LOGITS,
        Preprocessing.NONE,
        new TestSet(new Toy.Rows(ROWS, 0, 1, 2, 2)),
        listener);
    assertThat(heard)
        .containsExactly(
            "evaluating on test 4 examples",
            "4 [loss, accuracy] 0.75",
            "accuracy 0.7500 (1 wrong of 4)");
  }

  @Test
  void of_labelOutOfRange_isRefused() {
    assertThatThrownBy(() -> evaluate(new Toy.Rows(ROWS, 0, 3)))
        .isInstanceOf(InputFault.class)
        .hasMessage("data 'toy' example 1: label 3 (expected: 0 to 2)");
  }

  @Test
  void of_noExamples_isRefused() {
    assertThatThrownBy(() -> evaluate(new Toy.Rows(ROWS)))
        .isInstanceOf(InputFault.class)
        .hasMessage("data 'toy': 0 examples (expected: 1 to 2147483647)");
  }

  @Test
  void of_modelOfFourClasses_isRefused() {
    Toy.Rows rows = new Toy.Rows(new float[][] {{1, 2, 3, 4}}, 0);
    assertThatThrownBy(
            () -> Evaluation.of(new Toy.Scaling(1, 4), Preprocessing.NONE, new TestSet(rows)))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "model output 'y': 4 classes (expected: 3, as data 'toy' has); give data with all its"
                + " classes, or write their names into its file by annotate --classes");
  }

  @Test
  void of_modelOfOtherInput_isRefused() {
    assertThatThrownBy(
            () ->
                Evaluation.of(
                    new Toy.Scaling(1, 4), Preprocessing.NONE, new TestSet(new Toy.Rows(ROWS, 0))))
        .isInstanceOf(InputFault.class)
        .hasMessage("model input 'x': [batch, 4] does not take an example [3] of data 'toy'");
  }

  @Test
  void of_scoreNotANumber_isAFault() {
    float[][] rows = {{0, 0, 0}, {0, Float.NaN, 0}};
    assertThatThrownBy(() -> evaluate(new Toy.Rows(rows, 0, 1)))
        .isInstanceOf(RunFault.class)
        .hasMessage("model output 'y' at example 1 of data 'toy', class 1: NaN (expected: finite)");
  }

  @Test
  void probabilities_chosenExamples_areTheirSoftmax() {
    double[][] rows =
        Probabilities.of(
            new Toy.Scaling(1, 3),
            ScoreKind.LOGITS,
            Preprocessing.NONE,
            new Toy.Rows(ROWS, 0, 1, 2, 2),
            2,
            0);
    assertThat(rows[0]).containsExactly(new double[] {0.25, 0.25, 0.5}, within(1e-6));
    assertThat(rows[1]).containsExactly(new double[] {0.5, 0.25, 0.25}, within(1e-6));
  }
}
