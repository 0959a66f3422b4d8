package org.distill4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Golden values: numpy in float64 from the formulas, on s, t, y below. The unlabelled row and the
 * duplicated batch are worked out by hand from them.
 */
class LossTest {
  private static final double[][] S = {{1, 2, .5, -1}, {.2, -.3, 1.5, 0}, {-1.2, .7, .3, 2.2}};
  private static final double[][] T = {{2, 3.5, 0, -2}, {.1, -1, 3, .5}, {-.5, .2, 1, 4}};
  private static final double[][] Y = {{0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};

  private static final List<Loss> ALL =
      List.of(new CrossEntropy(), new SoftTargets(), new ConfidentTargets(5, 1, 20));

  @BeforeAll
  static void load() {
    TensorFlowNatives.load();
  }

  @Test
  void crossEntropy_golden() {
    assertThat(value(new CrossEntropy(), S, Y, T, 1)).isCloseTo(.447793, within(1e-6));
  }

  @Test
  void crossEntropy_unlabelledRows_countNeitherInSumNorInMean() {
    double[][] first = {Y[0], new double[4], new double[4]};
    double alone = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(.5) + Math.exp(-1)) - 2;
    assertThat(value(new CrossEntropy(), S, first, T, 1)).isCloseTo(alone, within(1e-12));
  }

  @Test
  void crossEntropy_noLabelAtAll_isZeroWithoutGradient() {
    double[][] none = new double[3][4];
    assertThat(value(new CrossEntropy(), S, none, T, 1)).isZero();
    for (double[] row : gradient(new CrossEntropy(), S, none, T, 1)) {
      assertThat(row).containsExactly(new double[4], within(0.0));
    }
  }

  @Test
  void softTargets_golden() {
    assertThat(value(new SoftTargets(), S, Y, T, 1)).isCloseTo(.151181, within(1e-6));
    assertThat(value(new SoftTargets(), S, Y, T, 4)).isCloseTo(.395554, within(1e-6));
    assertThat(value(new SoftTargets(), S, Y, T, 20)).isCloseTo(.403140, within(1e-6));
  }

  @Test
  void softTargets_gradient_golden() {
    assertThat(gradient(new SoftTargets(), S, Y, T, 4)[0])
        .containsExactly(new double[] {-.035412, -.111940, .076044, .071308}, within(1e-6));
  }

  @Test
  void softTargets_sameLogits_isZero() {
    assertThat(value(new SoftTargets(), T, Y, T, 4)).isCloseTo(0, within(1e-12));
  }

  @Test
  void softTargets_hotTemperature_tendsToHalfTheMeanSquaredDifferenceOfCentredLogits() {
    double sum = 0;
    for (int b = 0; b < S.length; b++) {
      double meanS = Arrays.stream(S[b]).average().orElseThrow();
      double meanT = Arrays.stream(T[b]).average().orElseThrow();
      for (int c = 0; c < 4; c++) {
        double d = (S[b][c] - meanS) - (T[b][c] - meanT);
        sum += d * d;
      }
    }
    assertThat(value(new SoftTargets(), S, Y, T, 1e4)).isCloseTo(sum / 3 / (2 * 4), within(1e-3));
  }

  @Test
  void confidentTargets_golden() {
    // c = .795283, .865483, .923134; T = 4.669915, 5.020917, 5.309169 and, clamped, 1, 2.083667, ..
    assertThat(value(new ConfidentTargets(5, 1, 20), S, Y, T, 5))
        .isCloseTo(.39946797, within(1e-7));
    assertThat(value(new ConfidentTargets(20, 1, 20), S, Y, T, 2))
        .isCloseTo(.27537239, within(1e-7));
  }

  @Test
  void confidentTargets_withoutBeta_areSoftTargets() {
    assertThat(value(new ConfidentTargets(0, 1, 20), S, Y, T, 4))
        .isCloseTo(value(new SoftTargets(), S, Y, T, 4), within(1e-12));
  }

  @Test
  void all_duplicatedBatch_keepTheirValue() {
    double[][] s = twice(S);
    for (Loss loss : ALL) {
      assertThat(value(loss, s, twice(Y), twice(T), 4))
          .isCloseTo(value(loss, S, Y, T, 4), within(1e-12));
    }
  }

  @Test
  void all_extremeLogits_areFinite() {
    double[][] extreme = {{1e4, -1e4, 0, 0}, {-1e4, 1e4, 0, 0}, {0, 0, 0, 0}};
    for (Loss loss : ALL) {
      assertThat(value(loss, extreme, Y, T, 1)).isFinite();
      for (double[] row : gradient(loss, extreme, Y, T, 1)) {
        assertThat(Arrays.stream(row).allMatch(Double::isFinite)).isTrue();
      }
    }
  }

  @Test
  void all_gradient_equalsCentralDifferences() {
    double h = 1e-6;
    for (Loss loss : ALL) {
      double[][] g = gradient(loss, S, Y, T, 3);
      for (int b = 0; b < S.length; b++) {
        for (int c = 0; c < 4; c++) {
          double[][] up = copy(S);
          up[b][c] += h;
          double[][] down = copy(S);
          down[b][c] -= h;
          double difference = (value(loss, up, Y, T, 3) - value(loss, down, Y, T, 3)) / (2 * h);
          assertThat(g[b][c]).isCloseTo(difference, within(1e-6));
        }
      }
    }
  }

  private static double[][] twice(double[][] rows) {
    double[][] all = Arrays.copyOf(rows, rows.length * 2);
    System.arraycopy(rows, 0, all, rows.length, rows.length);
    return all;
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  private static double value(
      Loss loss, double[][] s, double[][] y, double[][] t, double temperature) {
    return run(loss, s, y, t, temperature)[0][0];
  }

  private static double[][] gradient(
      Loss loss, double[][] s, double[][] y, double[][] t, double temperature) {
    double[][] all = run(loss, s, y, t, temperature);
    return Arrays.copyOfRange(all, 1, all.length);
  }

  /** The value in the first row, the gradient with respect to the logits in the others. */
  private static double[][] run(
      Loss loss, double[][] s, double[][] y, double[][] t, double temperature) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> logits = tf.constant(s);
      Operand<TFloat64> value =
          loss.build(
              tf,
              new LossInputs<>(logits, tf.constant(y), tf.constant(t), tf.constant(temperature)));
      Operand<?> slope = tf.gradients(value, List.of(logits)).dy(0);
      try (Result result = session.runner().fetch(value).fetch(slope).run()) {
        double[][] all = new double[s.length + 1][s[0].length];
        all[0][0] = ((TFloat64) result.get(0)).getDouble();
        double[][] rows = new double[s.length][s[0].length];
        StdArrays.copyFrom((TFloat64) result.get(1), rows);
        System.arraycopy(rows, 0, all, 1, rows.length);
        return all;
      }
    }
  }
}
