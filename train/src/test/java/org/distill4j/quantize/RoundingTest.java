package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Grid;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.prepare.Noise;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.DynamicIntegers;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.RoundingRow;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

/** Repairs of integers: how weights are rounded, and what biases take back. */
class RoundingTest {
  private static final Shape IMAGE = Shape.of(3, 8, 8);
  private static final Dataset DATA = Noise.of(IMAGE, 64);

  @Test
  void softBit_goldenValues() {
    // h(V) = clip(1.2 sigmoid(V) - 0.1, 0, 1): 0, 1/2 and 1 at -3, 0 and 3
    assertThat(RoundingRow.softBit(-3)).isZero();
    assertThat(RoundingRow.softBit(0)).isCloseTo(.5, within(1e-12));
    assertThat(RoundingRow.softBit(3)).isEqualTo(1);
    assertThat(RoundingRow.start(.3)).isCloseTo(-.693147, within(1e-6)); // -ln(1.2 / 0.4 - 1)
    assertThat(RoundingRow.softBit(RoundingRow.start(.3))).isCloseTo(.3, within(1e-12));
  }

  @Test
  void beta_overTheSteps_goesFrom20To2() {
    assertThat(RoundingRow.beta(.1)).isInfinite();
    assertThat(RoundingRow.beta(.2)).isEqualTo(20);
    assertThat(RoundingRow.beta(.6)).isCloseTo(11, within(1e-9));
    assertThat(RoundingRow.beta(1)).isCloseTo(2, within(1e-9));
  }

  @Test
  void solve_correlatedInputs_loseLessThanTheNearest() {
    SplittableRandom random = new SplittableRandom(Seeds.of(1));
    int n = 24;
    float[] gram = new float[n * n]; // of inputs that share a part
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        gram[i * n + j] = i == j ? 1.2f : 1;
      }
    }
    for (int trial = 0; trial < 10; trial++) {
      double[] weights = random.doubles(n, -60, 60).toArray();
      int[] chosen = new RoundingRow(weights, Grid.symmetric(127, 8), gram, gram).solve();
      int[] nearest = new int[n];
      for (int k = 0; k < n; k++) {
        nearest[k] = (int) Math.rint(weights[k]);
        assertThat(chosen[k] - Math.floor(weights[k])).isBetween(0.0, 1.0);
      }
      assertThat(loss(gram, weights, chosen)).isLessThan(.5 * loss(gram, weights, nearest) + 1);
    }
  }

  private static double loss(float[] gram, double[] weights, int[] integers) {
    int n = weights.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sum += gram[i * n + j] * (integers[i] - weights[i]) * (integers[j] - weights[j]);
      }
    }
    return sum;
  }

  private static double noise(Graph graph, Graph integers) {
    float[] exact = Noise.answers(graph, DATA);
    float[] rounded = Noise.answers(integers, DATA);
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      error += (exact[i] - rounded[i]) * (exact[i] - rounded[i]);
    }
    return error / exact.length;
  }

  private static Graph made(Graph graph, Set<Repair> repairs) {
    QuantizationScheme form = new QuantizationScheme(ActivationType.UINT8, 7, true);
    return CalibratedModel.of(graph, DATA, Set.of(), 7, 64, 1, ProgressListener.NONE)
        .repaired(Observer.MIN_MAX, form, Set.of(), repairs, ProgressListener.NONE);
  }

  @Test
  void repaired_roundedNets_areNearerToTheFloatModel() {
    for (Graph graph :
        new Graph[] {
          new Mlp(List.of(32), 0).build(IMAGE, 10, Seeds.of(1)),
          new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true)
              .build(IMAGE, 10, Seeds.of(1)),
          new DsCnn(16, 2, List.of(3, 3), 2, 0).build(IMAGE, 10, Seeds.of(1))
        }) {
      double nearest = noise(graph, made(graph, Set.of()));
      double rounded = noise(graph, made(graph, Set.of(Repair.ROUND)));
      assertThat(rounded).as(graph.name()).isLessThan(nearest);
    }
  }

  @Test
  void repaired_correctedBiases_giveEachLayerItsMean() {
    Graph graph =
        new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true)
            .build(IMAGE, 10, Seeds.of(1));
    double before = shift(graph, made(graph, Set.of()));
    double after = shift(graph, made(graph, Set.of(Repair.CORRECT_BIAS)));
    assertThat(after).isLessThan(.3 * before);
  }

  /** How far the mean of each output moved, on the whole. */
  private static double shift(Graph graph, Graph integers) {
    float[] exact = Noise.answers(graph, DATA);
    float[] rounded = Noise.answers(integers, DATA);
    double sum = 0;
    for (int c = 0; c < 10; c++) {
      double mean = 0;
      for (int i = c; i < exact.length; i += 10) {
        mean += exact[i] - rounded[i];
      }
      sum += Math.abs(mean);
    }
    return sum;
  }

  @Test
  void dynamicIntegers_ofAnMlp_answerNearlyAsTheFloatModel() {
    Graph graph = new Mlp(List.of(64, 32), 0).build(IMAGE, 10, Seeds.of(1));
    DynamicIntegers made = DynamicIntegers.of(graph, 7, Set.of());
    assertThat(made.floating()).isEmpty();
    assertThat(made.graph().nodes()).filteredOn(n -> n.op().equals("MatMulInteger")).hasSize(3);
    assertThat(Noise.difference(graph, made.graph(), DATA)).isLessThan(.05);
  }

  @Test
  void dynamicIntegers_ofConvolutions_leaveThemFloat() {
    Graph graph =
        new Cnn(List.of("8", "pool"), List.of(32), 0, false).build(IMAGE, 10, Seeds.of(1));
    DynamicIntegers made = DynamicIntegers.of(graph, 8, Set.of("logits"));
    assertThat(made.floating()).containsEntry("Gemm 'logits'", "kept float as asked").hasSize(2);
    assertThat(made.graph().nodes()).filteredOn(n -> n.op().equals("MatMulInteger")).hasSize(1);
    assertThat(Map.copyOf(made.graph().initializers())).isNotEmpty();
  }
}
