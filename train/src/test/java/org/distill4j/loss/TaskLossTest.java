package org.distill4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
 * The losses of several labels and of numbers, in float64; s and t are those of the other losses.
 */
class TaskLossTest {
  private static final double[][] S = {{1, 2, .5, -1}, {.2, -.3, 1.5, 0}, {-1.2, .7, .3, 2.2}};
  private static final double[][] T = {{2, 3.5, 0, -2}, {.1, -1, 3, .5}, {-.5, .2, 1, 4}};
  private static final double[][] Y = {{1, 0, 1, 0}, {0, 0, 1, 0}, {0, 1, 0, 1}};
  private static final double[][] ALL = {{1}, {1}, {1}};
  private static final List<Loss> LOSSES =
      List.of(
          new BinaryCrossEntropy(),
          new SoftBinaryTargets(),
          new SquaredError(),
          new SoftSquaredError());

  @BeforeAll
  static void load() {
    TensorFlowNatives.load();
  }

  @Test
  void softBinaryTargets_golden() {
    // T² mean BCE(sigmoid(s/2), sigmoid(t/2)) = 2.487595 (numpy, float64) is this loss and the
    // teacher's own entropy
    double entropy = 0;
    for (double[] row : T) {
      for (double logit : row) {
        double q = 1 / (1 + Math.exp(-logit / 2));
        entropy -= q * Math.log(q) + (1 - q) * Math.log(1 - q);
      }
    }
    double loss = value(new SoftBinaryTargets(), S, Y, T, ALL, 2);
    assertThat(loss + 4 * entropy / 12).isCloseTo(2.487595, within(1e-6));
  }

  @Test
  void softBinaryTargets_gradient_isTByTheDifferenceOfProbabilities() {
    double p = 1 / (1 + Math.exp(-1 / 2.0));
    double q = 1 / (1 + Math.exp(-2 / 2.0));
    assertThat(run(new SoftBinaryTargets(), S, Y, T, ALL, 2)[1][0])
        .isCloseTo(2 * (p - q) / 12, within(1e-12));
  }

  @Test
  void soft_sameAnswers_areZero() {
    assertThat(value(new SoftBinaryTargets(), T, Y, T, ALL, 3)).isCloseTo(0, within(1e-15));
    assertThat(value(new SoftSquaredError(), T, Y, T, ALL, 3)).isZero();
  }

  @Test
  void binaryCrossEntropy_byHand() {
    double sum = 0;
    for (int b = 0; b < 3; b++) {
      for (int c = 0; c < 4; c++) {
        double p = 1 / (1 + Math.exp(-S[b][c]));
        sum -= Y[b][c] == 1 ? Math.log(p) : Math.log(1 - p);
      }
    }
    assertThat(value(new BinaryCrossEntropy(), S, Y, T, ALL, 1)).isCloseTo(sum / 12, within(1e-12));
  }

  @Test
  void hard_unlabelledRows_countNeitherInSumNorInMean() {
    double[][] first = {{1}, {0}, {0}};
    // (1-1)² + (2-0)² + (.5-1)² + (-1-0)², over four numbers
    assertThat(value(new SquaredError(), S, Y, T, first, 1)).isCloseTo(5.25 / 4, within(1e-12));
    for (Loss loss : List.of(new BinaryCrossEntropy(), new SquaredError())) {
      double[][] all = run(loss, S, Y, T, new double[][] {{0}, {0}, {0}}, 1);
      assertThat(all[0][0]).isZero();
      assertThat(Arrays.stream(all).flatMapToDouble(Arrays::stream).allMatch(g -> g == 0)).isTrue();
    }
  }

  @Test
  void weights_scaleNumbersAndTheClassThatIsThere() {
    double[] weights = {1, 2, 1, .5};
    double squares = 0;
    for (int b = 0; b < 3; b++) {
      for (int c = 0; c < 4; c++) {
        squares += Math.pow(weights[c] * (S[b][c] - T[b][c]), 2);
      }
    }
    assertThat(run(new SoftSquaredError(), S, Y, T, ALL, 1, weights)[0][0])
        .isCloseTo(squares / 12, within(1e-12));
    double[][] one = {{.3}};
    double p = 1 / (1 + Math.exp(-.3));
    assertThat(
            run(
                new BinaryCrossEntropy(),
                one,
                new double[][] {{1}},
                one,
                new double[][] {{1}},
                1,
                3)[0][0])
        .isCloseTo(-3 * Math.log(p), within(1e-12));
    double[][] y = {{0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 0}};
    double a = softmaxLoss(S[0], 1);
    double b = softmaxLoss(S[1], 2);
    assertThat(run(new CrossEntropy(), S, y, T, ALL, 1, 1, 3, 1, 1)[0][0])
        .isCloseTo((3 * a + b) / 4, within(1e-12));
  }

  private static double softmaxLoss(double[] logits, int label) {
    return Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[label];
  }

  @Test
  void all_gradient_equalsCentralDifferences() {
    double h = 1e-6;
    for (Loss loss : LOSSES) {
      double[][] all = run(loss, S, Y, T, ALL, 3, .5, 1, 2, 1);
      for (int b = 0; b < 3; b++) {
        for (int c = 0; c < 4; c++) {
          double[][] up = Arrays.stream(S).map(double[]::clone).toArray(double[][]::new);
          double[][] down = Arrays.stream(S).map(double[]::clone).toArray(double[][]::new);
          up[b][c] += h;
          down[b][c] -= h;
          double difference =
              (run(loss, up, Y, T, ALL, 3, .5, 1, 2, 1)[0][0]
                      - run(loss, down, Y, T, ALL, 3, .5, 1, 2, 1)[0][0])
                  / (2 * h);
          assertThat(all[b + 1][c]).as(loss.toString()).isCloseTo(difference, within(1e-6));
        }
      }
    }
  }

  @Test
  void all_duplicatedBatchAndExtremeLogits_areFineAndFinite() {
    for (Loss loss : LOSSES) {
      assertThat(value(loss, twice(S), twice(Y), twice(T), twice(ALL), 2))
          .as(loss.toString())
          .isCloseTo(value(loss, S, Y, T, ALL, 2), within(1e-12));
      double[][] extreme = {{1e4, -1e4, 0, 0}, {-1e4, 1e4, 0, 0}, {0, 0, 0, 0}};
      double[][] all = run(loss, extreme, Y, T, ALL, 1);
      assertThat(Arrays.stream(all).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite))
          .isTrue();
    }
  }

  private static double[][] twice(double[][] rows) {
    double[][] all = Arrays.copyOf(rows, rows.length * 2);
    System.arraycopy(rows, 0, all, rows.length, rows.length);
    return all;
  }

  private static double value(
      Loss loss, double[][] s, double[][] y, double[][] t, double[][] mask, double temperature) {
    return run(loss, s, y, t, mask, temperature)[0][0];
  }

  /** The value in the first row, the gradient with respect to the logits in the others. */
  private static double[][] run(
      Loss loss,
      double[][] s,
      double[][] y,
      double[][] t,
      double[][] mask,
      double temperature,
      double... weights) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> logits = tf.constant(s);
      LossInputs<TFloat64> lesson =
          new LossInputs<>(
              logits,
              tf.constant(y),
              tf.constant(t),
              tf.constant(temperature),
              Optional.of(tf.constant(mask)),
              weights.length == 0 ? Optional.empty() : Optional.of(tf.constant(weights)));
      Operand<TFloat64> value = loss.build(tf, lesson);
      Operand<?> slope = tf.gradients(value, List.of(logits)).dy(0);
      try (Result result = session.runner().fetch(value).fetch(slope).run()) {
        double[][] rows = new double[s.length][s[0].length];
        StdArrays.copyFrom((TFloat64) result.get(1), rows);
        double[][] all = new double[s.length + 1][];
        all[0] = new double[] {((TFloat64) result.get(0)).getDouble()};
        System.arraycopy(rows, 0, all, 1, rows.length);
        return all;
      }
    }
  }
}
