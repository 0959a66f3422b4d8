package org.distill4j.quantize.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.passes.FoldBatchNorm;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

/** Every repair leaves what a float model says as it was, to rounding. */
class RepairTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final Dataset DATA = Noise.of(IMAGE, 16);
  private static final double ROUNDING = 1e-5;

  /** A layer's weights with other values at some input channel. */
  private static Graph with(Graph graph, int layer, int channel, DoubleUnaryOperator change) {
    LinearLayer weighted =
        graph.nodes().stream().flatMap(n -> LinearLayer.of(graph, n).stream()).toList().get(layer);
    float[] weights = weighted.weights().toFloats();
    for (int i = 0; i < weights.length; i++) {
      if (weighted.inputOf(i) == channel) {
        weights[i] = (float) change.applyAsDouble(weights[i]);
      }
    }
    return graph.withInitializers(
        Map.of(weighted.node().input(1), HostTensor.ofFloats(weighted.weights().shape(), weights)));
  }

  private static Graph folded(Graph graph) {
    return new FoldBatchNorm().apply(graph).graph();
  }

  private static Pass.Outcome split(Graph graph) {
    return new SplitOutliers(8, Noise.run(DATA)).apply(graph);
  }

  private static void assertSame(Graph before, Graph after) {
    assertThat(Noise.difference(before, after, DATA)).as(before.name()).isLessThan(ROUNDING);
  }

  @Test
  void part_threeSteps_areOneAndTwo() {
    assertThat(Math.rint(Expansion.part(3, 1, 0, 2))).isEqualTo(1);
    assertThat(Math.rint(Expansion.part(3, 1, 1, 2))).isEqualTo(2); // two plain halves: 2 and 2
  }

  @Test
  void part_anyNumberOfParts_addUpToTheWeightAndToItsInteger() {
    SplittableRandom random = new SplittableRandom(Seeds.of(1));
    for (int trial = 0; trial < 10_000; trial++) {
      double v = (random.nextDouble() - .5) * 255;
      double step = .01 + random.nextDouble();
      int k = 2 + random.nextInt(15);
      double sum = 0;
      double integers = 0;
      for (int j = 0; j < k; j++) {
        double part = Expansion.part(v * step, step, j, k);
        sum += part;
        integers += Math.rint(part / step);
      }
      assertThat(sum).isCloseTo(v * step, within(1e-9));
      assertThat(integers).isEqualTo(Math.rint(v));
    }
  }

  @Test
  void copies_aChannelTenTimesTheOthers_isSplitIntoSevenPartsBehindThem() {
    double[] magnitudes = new double[64];
    Arrays.fill(magnitudes, 1);
    magnitudes[5] = 10; // 10 / 1.5 = 6.7
    Copies copies = Copies.of(magnitudes);
    assertThat(copies.parts()[5]).isEqualTo(7);
    assertThat(copies.source()).hasSize(70).endsWith(63, 5, 5, 5, 5, 5, 5);
    assertThat(copies.part()).endsWith(0, 1, 2, 3, 4, 5, 6);
    assertThat(Copies.of(new double[8]).isNone()).isTrue(); // nothing but dead channels
  }

  @Test
  void splitOutliers_calmNets_areLeftAsTheyAre() {
    Graph graph = new Mlp(List.of(32), 0).build(IMAGE, 10, Seeds.of(1));
    Pass.Outcome outcome = split(graph);
    assertThat(outcome.changes()).isEmpty();
    assertThat(outcome.graph()).isSameAs(graph);
  }

  @Test
  void splitOutliers_weightsOfADenseLayer_areMadeByTheLayerBefore() {
    Graph graph =
        with(new Mlp(List.of(32, 16), 0).build(IMAGE, 10, Seeds.of(1)), 1, 7, w -> 20 * w);
    Pass.Outcome outcome = split(graph);
    assertThat(outcome.changes()).anyMatch(c -> c.contains("weights of channels 7 x9"));
    assertThat(outcome.graph().nodes()).noneMatch(n -> n.op().equals("Gather"));
    assertSame(graph, outcome.graph());
  }

  @Test
  void splitOutliers_activationsOfConvolutions_areMadeByTheLayerBefore() {
    Graph graph =
        folded(
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true)
                .build(IMAGE, 10, Seeds.of(1)));
    Graph loud = louder(graph, 0, 3, 30);
    Pass.Outcome outcome = split(loud);
    assertThat(outcome.changes()).anyMatch(c -> c.contains("activations of channels 3 x"));
    assertSame(loud, outcome.graph());
  }

  @Test
  void splitOutliers_behindFlatten_takesAllPositionsOfTheChannel() {
    Graph graph =
        folded(
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true)
                .build(IMAGE, 10, Seeds.of(1)));
    Graph loud = louder(graph, 1, 9, 30);
    Pass.Outcome outcome = split(loud);
    assertThat(outcome.changes()).anyMatch(c -> c.contains("activations of channels 9 x"));
    assertSame(loud, outcome.graph());
  }

  @Test
  void splitOutliers_throughDepthwiseConvolutions_saysTheSame() {
    Graph graph = folded(new DsCnn(16, 2, List.of(3, 3), 2, 0).build(IMAGE, 10, Seeds.of(1)));
    Graph loud = with(louder(graph, 1, 4, 40), 2, 11, w -> 40 * w);
    Pass.Outcome outcome = split(loud);
    assertThat(outcome.changes()).isNotEmpty();
    assertSame(loud, outcome.graph());
  }

  @Test
  void splitOutliers_throughClips_splitsWeightsAlone() {
    Graph graph = folded(new MobileNetV2(.25, 2).build(IMAGE, 10, Seeds.of(1)));
    List<LinearLayer> layers =
        graph.nodes().stream().flatMap(n -> LinearLayer.of(graph, n).stream()).toList();
    Graph loud = with(graph, 5, 2, w -> 40 * w); // stage 2's projection, behind a ReLU6
    assertThat(layers.get(5).groups()).isEqualTo(1);
    Pass.Outcome outcome = split(loud);
    assertThat(outcome.changes()).anyMatch(c -> c.contains("weights of channels 2 x"));
    assertSame(loud, outcome.graph());
  }

  @Test
  void splitOutliers_atAResidualSum_isSkippedAndSaid() {
    Graph graph = folded(new ResNet(8, 8).build(IMAGE, 10, Seeds.of(1)));
    Graph loud = with(graph, 1, 5, w -> 40 * w); // reads the stem, as the shortcut does
    Pass.Outcome outcome = split(loud);
    assertThat(outcome.skipped())
        .anyMatch(
            c ->
                c.contains("channels 5 x")
                    && c.contains("a Gather would stay at the residual sum"));
    assertSame(loud, outcome.graph());
  }

  @Test
  void splitOutliers_whereTwoLayersRead_copiesByAGather() {
    Graph graph = with(branches(), 1, 5, w -> 40 * w);
    Pass.Outcome outcome = split(graph);
    assertThat(outcome.changes()).singleElement().asString().contains("made by a Gather");
    assertThat(outcome.graph().nodes()).anyMatch(n -> n.op().equals("Gather"));
    assertSame(graph, outcome.graph());
  }

  /** Two layers behind one, side by side. */
  private static Graph branches() {
    SplittableRandom random = new SplittableRandom(Seeds.of(2));
    GraphBuilder g = new GraphBuilder("branches");
    String x = g.input("x", DType.FLOAT32, IMAGE.prepend(Dim.of("n")));
    String flat = g.add("Flatten", Map.of(), x);
    String hidden =
        g.add("Relu", Map.of(), g.add("MatMul", Map.of(), flat, weights(g, "a", 768, 32, random)));
    String left = g.add("MatMul", Map.of(), hidden, weights(g, "b", 32, 10, random));
    String right = g.add("MatMul", Map.of(), hidden, weights(g, "c", 32, 10, random));
    g.output(
        g.add("Mul", Map.of(), left, right),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("n"), Dim.of(10))));
    return g.build();
  }

  private static String weights(
      GraphBuilder g, String name, int inputs, int outputs, SplittableRandom random) {
    float[] values = new float[inputs * outputs];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    return g.initializer(name, HostTensor.ofFloats(Shape.of(inputs, outputs), values));
  }

  /** One output channel louder, and the next layer's weights softer for it: it says the same. */
  private static Graph louder(Graph graph, int layer, int channel, float factor) {
    LinearLayer first =
        graph.nodes().stream().flatMap(n -> LinearLayer.of(graph, n).stream()).toList().get(layer);
    float[] weights = first.weights().toFloats();
    float[] biases = first.biases();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= first.outputOf(i) == channel ? factor : 1;
    }
    biases[channel] *= factor;
    Map<String, HostTensor> others = new LinkedHashMap<>();
    others.put(first.node().input(1), HostTensor.ofFloats(first.weights().shape(), weights));
    others.put(first.node().input(2), HostTensor.ofFloats(Shape.of(biases.length), biases));
    return graph.withInitializers(others);
  }

  @Test
  void smoothActivations_factors_areTheGoldenOnes() {
    // X = [8, 1, 0.5], W = [0.5, 1, 2], alpha 0.5: sqrt(8 / 0.5), sqrt(1 / 1), sqrt(0.5 / 2)
    double[] factors =
        SmoothActivations.factors(new double[] {8, 1, .5}, new double[] {.5, 1, 2}, .5);
    assertThat(factors).containsExactly(4, 1, .5);
  }

  @Test
  void smoothActivations_behindALayer_saysTheSame() {
    Graph graph = new Mlp(List.of(32, 16), 0).build(IMAGE, 10, Seeds.of(1));
    Pass.Outcome outcome = new SmoothActivations(.5, Noise.run(DATA)).apply(graph);
    assertThat(outcome.changes()).hasSize(2);
    assertThat(outcome.skipped())
        .singleElement()
        .asString()
        .contains("Flatten")
        .contains("makes it");
    assertSame(graph, outcome.graph());
  }

  @Test
  void smoothActivations_behindANormalization_foldsIntoItForAllThatReadIt() {
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    GraphBuilder g = new GraphBuilder("normalized");
    String x = g.input("x", DType.FLOAT32, IMAGE.prepend(Dim.of("n")));
    String scale = g.initializer("scale", HostTensor.ofFloats(Shape.of(16), ramp(16)));
    String shift = g.initializer("shift", HostTensor.ofFloats(Shape.of(16), ramp(16)));
    String normed = g.add("LayerNormalization", Map.of("axis", Attribute.of(-1L)), x, scale, shift);
    String q = g.add("MatMul", Map.of(), normed, weights(g, "q", 16, 8, random));
    String k = g.add("MatMul", Map.of(), normed, weights(g, "k", 16, 8, random));
    g.output(
        g.add("Add", Map.of(), q, k),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("n"), Dim.of(3), Dim.of(16), Dim.of(8))));
    Graph graph = g.build();
    Pass.Outcome outcome = new SmoothActivations(.5, Noise.run(DATA)).apply(graph);
    assertThat(outcome.changes()).singleElement().asString().contains("[matmul, matmul_2]");
    assertSame(graph, outcome.graph());
  }

  @Test
  void smoothActivations_behindAConvolutionAsWideAsItsChannels_leavesItAlone() {
    GraphBuilder g = new GraphBuilder("columns");
    String x = g.input("x", DType.FLOAT32, IMAGE.prepend(Dim.of("n")));
    String filters = g.initializer("w", HostTensor.ofFloats(Shape.of(16, 3, 1, 1), ramp(48)));
    String made = g.add("Conv", Map.of(), x, filters); // 16 channels of 16 x 16
    g.output(
        g.add("MatMul", Map.of(), made, weights(g, "q", 16, 8, new SplittableRandom(Seeds.of(3)))),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("n"), Dim.of(16), Dim.of(16), Dim.of(8))));
    Graph graph = g.build();
    Pass.Outcome outcome = new SmoothActivations(.5, Noise.run(DATA)).apply(graph);
    assertThat(outcome.skipped()).singleElement().asString().contains("Conv");
    assertSame(graph, outcome.graph());
  }

  private static float[] ramp(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 1 + i;
    }
    return values;
  }

  @Test
  void absorbBiases_highBiases_moveToTheNextLayer() {
    Graph graph = new Mlp(List.of(32), 0).build(IMAGE, 10, Seeds.of(1));
    Node first =
        graph.nodes().stream().filter(n -> n.op().equals("Gemm")).findFirst().orElseThrow();
    float[] biases = new float[32];
    Arrays.fill(biases, 0, 8, 100); // far above three deviations
    Graph high =
        graph.withInitializers(Map.of(first.input(2), HostTensor.ofFloats(Shape.of(32), biases)));
    Pass.Outcome outcome = new AbsorbBiases(Noise.run(DATA)).apply(high);
    assertThat(outcome.changes())
        .singleElement()
        .asString()
        .contains("8 of its 32 biases absorbed");
    assertSame(high, outcome.graph());
    assertThat(new AbsorbBiases(Noise.run(DATA)).apply(graph).changes()).isEmpty();
  }

  @Test
  void exampleRun_oneExample_isRefused() {
    assertThatThrownBy(() -> Noise.run(Noise.of(IMAGE, 1)))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "calibration examples: 1 (expected: >= 2, better some hundreds); give more data");
  }
}
