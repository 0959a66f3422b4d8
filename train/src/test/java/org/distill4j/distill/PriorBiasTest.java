package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.distill4j.data.Splits;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

class PriorBiasTest {
  /** Twice the same image, p = 1/4: e^d / (e^d + 3) = 1/2 gives d = log 3. */
  @Test
  void moved_ofOneClass_isTheLogarithmByHand() {
    double[][] half = {{0.25, 0.75}, {0.25, 0.75}};
    double[] moved = PriorBias.moved(half, new double[] {0.5, 0.5}, List.of(0));
    assertThat(moved[0]).isCloseTo(Math.log(3), within(1e-12));
    assertThat(moved[1]).isZero();
  }

  @Test
  void moved_ofTwoClasses_givesBothTheirShares() {
    double[][] said = {{0.01, 0.02, 0.97}, {0.1, 0.2, 0.7}, {0.001, 0.4, 0.599}};
    double[] shares = {0.3, 0.4, 0.3};
    double[] moved = PriorBias.moved(said, shares, List.of(0, 1));
    assertThat(PriorBias.mean(said, moved, 0)).isCloseTo(0.3, within(1e-6));
    assertThat(PriorBias.mean(said, moved, 1)).isCloseTo(0.4, within(1e-6));
  }

  @Test
  void correct_ofANet_movesItsLastBiasAloneAndBringsTheShare() {
    Splits data = Computed.splits(Shape.of(16), 400);
    Graph net =
        Metadata.withPreprocessing(
            new Mlp(List.of(8), 0).build(Shape.of(16), 10, 5), Preprocessing.NONE);
    PriorBias corrected = PriorBias.correct(net, data.validation(), List.of("3"), 1);
    assertThat(corrected.model().nodes()).isEqualTo(net.nodes());
    assertThat(corrected.moved().get(3)).isNotZero();
    assertThat(corrected.moved().stream().filter(d -> d == 0)).hasSize(9);
    PriorBias again = PriorBias.correct(corrected.model(), data.validation(), List.of("3"), 1);
    assertThat(again.moved().get(3)).isCloseTo(0, within(1e-3));
  }

  @Test
  void correct_ofANetWithoutABias_addsOneBehindIt() {
    Splits data = Computed.splits(Shape.of(16), 400);
    Graph net = new Mlp(List.of(8), 0).build(Shape.of(16), 10, 5);
    String logits = net.onlyOutput().name();
    Graph scaled =
        Metadata.withPreprocessing(
            new Graph(
                "scaled",
                net.inputs(),
                List.of(
                    new org.distill4j.graph.Value("z", DType.FLOAT32, net.onlyOutput().shape())),
                append(net.nodes(), Node.of("Neg", List.of(logits), List.of("z"), Map.of())),
                net.initializers(),
                net.metadata()),
            Preprocessing.NONE);
    PriorBias corrected = PriorBias.correct(scaled, data.validation(), List.of("0"), 1);
    HostTensor zeros = HostTensor.ofFloats(Shape.of(1, 16), new float[16]);
    float before = first(scaled, zeros);
    float after = first(corrected.model(), zeros);
    assertThat(after - before).isCloseTo(corrected.moved().get(0).floatValue(), within(1e-5f));
  }

  private static List<Node> append(List<Node> nodes, Node last) {
    List<Node> all = new java.util.ArrayList<>(nodes);
    all.add(last);
    return all;
  }

  private static float first(Graph graph, HostTensor input) {
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      return predictor
          .run(Map.of(graph.onlyInput().name(), input))
          .get(graph.onlyOutput().name())
          .toFloats()[0];
    }
  }
}
