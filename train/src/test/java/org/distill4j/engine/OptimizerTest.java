package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.distill4j.distill.Objective;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/**
 * Golden values: PyTorch 2.13 in float64, three steps at rate 0.1 of one linear layer on four
 * examples with cross-entropy; weight decay on the weight only.
 */
class OptimizerTest {
  private static final float[] X = {1, 2, -1, .5f, .3f, -.7f, 2, 1};
  private static final float[] Y = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0};

  @Test
  void sgd_golden() {
    assertValues(
        after(new Optimizer.Sgd(0, false), 0, 0),
        .130773,
        -.075478,
        .259752,
        .402059,
        -.490525,
        .47342,
        .044377,
        -.019375,
        .074998);
  }

  @Test
  void sgd_momentum_golden() {
    assertValues(
        after(new Optimizer.Sgd(.9, false), 0, 0),
        .158273,
        .033915,
        .224538,
        .404187,
        -.482811,
        .361897,
        .03995,
        .007572,
        .052478);
  }

  @Test
  void sgd_nesterov_golden() {
    assertValues(
        after(new Optimizer.Sgd(.9, true), 0, 0),
        .175761,
        .124553,
        .19534,
        .405372,
        -.471101,
        .270075,
        .030418,
        .031323,
        .038259);
  }

  @Test
  void sgd_weightDecay_pullsTheWeightAndNotTheBias() {
    assertValues(
        after(new Optimizer.Sgd(0, false), .1, 0),
        .127291,
        -.071251,
        .251854,
        .390586,
        -.476176,
        .456905,
        .044168,
        -.019137,
        .074969);
  }

  @Test
  void sgd_clipNorm_golden() {
    assertValues(
        after(new Optimizer.Sgd(0, false), 0, .25),
        .112659,
        -.150754,
        .284139,
        .400968,
        -.496799,
        .549786,
        .048316,
        -.037958,
        .089642);
  }

  @Test
  void adam_golden() {
    assertValues(
        after(Optimizer.adam(), 0, 0),
        .390696,
        .098917,
        .007099,
        .407633,
        -.203118,
        .301802,
        -.246091,
        .241248,
        -.182355);
  }

  @Test
  void adam_largeEpsilonAndDecay_golden() {
    assertValues(
        after(new Optimizer.Adam(.9, .999, .1), .1, 0),
        .232456,
        .041744,
        .123149,
        .343006,
        -.373102,
        .352446,
        -.002215,
        .102961,
        -.033821);
  }

  @Test
  void adamW_golden() {
    assertValues(
        after(new Optimizer.AdamW(.9, .999, 1e-8), .1, 0),
        .384407,
        .101807,
        .001907,
        .402238,
        -.192315,
        .286969,
        -.245693,
        .241657,
        -.182421);
  }

  @Test
  void restore_thenStep_isAsIfNothingHadHappenedBetween() {
    TrainSettings settings = settings(Optimizer.adam(), .1, 0);
    try (Training training = Training.open(linear(), Objective.LABELS_ONLY, settings, 4, 1, 1);
        FeedBatch batch = batch(training)) {
      training.step(0, 3, batch);
      Map<String, HostTensor> state = training.state();
      training.step(1, 3, batch);
      Map<String, HostTensor> expected = training.state();
      training.step(2, 3, batch);
      training.restore(state);
      training.step(1, 3, batch);
      assertThat(training.state()).isEqualTo(expected);
    }
  }

  @Test
  void settings_outOfBounds_nameFieldValueAndBound() {
    assertThatThrownBy(() -> new Optimizer.Sgd(1, false))
        .hasMessage("momentum: 1.0 (expected: 0 <= momentum < 1)");
    assertThatThrownBy(() -> new Rate.Constant(Double.NaN, 0))
        .hasMessage("rate: NaN (expected: > 0 and finite)");
  }

  private static float[] after(Optimizer optimizer, double decay, double clip) {
    TrainSettings settings = settings(optimizer, decay, clip);
    try (Training training = Training.open(linear(), Objective.LABELS_ONLY, settings, 4, 1, 1);
        FeedBatch batch = batch(training)) {
      for (int step = 0; step < 3; step++) {
        training.step(step, 3, batch);
      }
      Map<String, HostTensor> values = training.model().initializers();
      float[] all = new float[9];
      values.get("w").floats().get(all, 0, 6);
      values.get("b").floats().get(all, 6, 3);
      return all;
    }
  }

  private static TrainSettings settings(Optimizer optimizer, double decay, double clip) {
    return new TrainSettings(1, 4, optimizer, new Rate.Constant(.1, 0), decay, clip, 0);
  }

  private static FeedBatch batch(Training training) {
    FeedBatch batch = training.newBatch();
    batch.input().put(X);
    batch.array("labels").put(Y);
    return batch;
  }

  private static Graph linear() {
    Dim batch = Dim.of("batch");
    return new Graph(
        "linear",
        List.of(new Value("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(2))))),
        List.of(new Value("y", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(3))))),
        List.of(
            Node.of(
                "Gemm", List.of("x", "w", "b"), List.of("y"), Map.of("transB", Attribute.of(1)))),
        Map.of(
            "w", HostTensor.ofFloats(Shape.of(3, 2), .1f, -.2f, .3f, .4f, -.5f, .6f),
            "b", HostTensor.ofFloats(Shape.of(3), .05f, -.05f, .1f)),
        Map.of());
  }

  private static void assertValues(float[] actual, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(5e-6));
    }
  }
}
