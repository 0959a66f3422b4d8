package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

/** Every pass leaves what a model says as it was, to rounding. */
class PassTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final int BATCH = 4;

  private static final List<Net> NETS =
      List.of(
          new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, false),
          new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true),
          new ResNet(8, 8),
          new DsCnn(16, 2, List.of(3, 3), 2, 0),
          new MobileNetV2(.25, 6));

  /** With other numbers wherever a fresh net has zeros and ones, so that mistakes show. */
  private static Graph stirred(Net net) {
    Graph graph = net.build(IMAGE, 10, 1);
    SplittableRandom random = new SplittableRandom(Seeds.of(7));
    Map<String, HostTensor> others = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == DType.FLOAT32 && tensor.shape().rank() == 1) {
                float[] values = new float[(int) tensor.elements()];
                for (int i = 0; i < values.length; i++) {
                  values[i] = (float) (.5 + random.nextDouble());
                }
                others.put(name, HostTensor.ofFloats(tensor.shape(), values));
              }
            });
    return graph.withInitializers(others);
  }

  private static float[] answers(Graph graph) {
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    float[] pixels = new float[(int) (BATCH * IMAGE.elements())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      return predictor
          .run(
              Map.of(
                  graph.onlyInput().name(),
                  HostTensor.ofFloats(IMAGE.prepend(Dim.of(BATCH)), pixels)))
          .get(graph.onlyOutput().name())
          .toFloats();
    }
  }

  private static void assertSame(Graph before, Graph after) {
    float[] expected = answers(before);
    float[] got = answers(after);
    float largest = 1;
    for (float x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).as(before.name()).isCloseTo(expected[i], within(2e-5f * largest));
    }
  }

  @Test
  void foldBatchNorm_anyNet_saysTheSameWithoutNormalizations() {
    for (Net net : NETS) {
      Graph graph = stirred(net);
      Pass.Outcome outcome = new FoldBatchNorm().apply(graph);
      assertThat(outcome.graph().nodes()).noneMatch(n -> n.op().equals("BatchNormalization"));
      assertThat(outcome.changes()).hasSize(graph.nodes().size() - outcome.graph().nodes().size());
      assertSame(graph, outcome.graph());
    }
  }

  @Test
  void equalizeChannels_anyNet_saysTheSame() {
    for (Net net : NETS) {
      Graph folded = new FoldBatchNorm().apply(stirred(net)).graph();
      Pass.Outcome outcome = new EqualizeChannels().apply(folded);
      assertSame(folded, outcome.graph());
    }
  }

  @Test
  void equalizeChannels_twoLayers_haveTheGoldenRanges() {
    // r1 = [8, 1, 0.25], r2 = [2, 4, 1]: s = sqrt(r1 / r2) = [2, 0.5, 0.5]; both become [4, 2, 0.5]
    GraphBuilder g = new GraphBuilder("pair");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(1))));
    String w1 = g.initializer("w1", HostTensor.ofFloats(Shape.of(1, 3), 8, -1, .25f));
    String b1 = g.initializer("b1", HostTensor.ofFloats(Shape.of(3), 2, 2, 2));
    String w2 = g.initializer("w2", HostTensor.ofFloats(Shape.of(3, 1), -2, 4, 1));
    String b2 = g.initializer("b2", HostTensor.ofFloats(Shape.of(1), 5));
    String hidden = g.add("Relu", Map.of(), g.add("Gemm", Map.of(), x, w1, b1));
    g.output(
        g.add("Gemm", Map.of(), hidden, w2, b2),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("n"), Dim.of(1))));
    Graph after = new EqualizeChannels().apply(g.build()).graph();
    List<float[]> weights = new ArrayList<>();
    after.nodes().stream()
        .filter(n -> n.op().equals("Gemm"))
        .forEach(
            n -> {
              weights.add(after.initializers().get(n.input(1)).toFloats());
              weights.add(after.initializers().get(n.input(2)).toFloats());
            });
    assertThat(weights.get(0)).containsExactly(4, -2, .5f);
    assertThat(weights.get(1)).containsExactly(1, 4, 4);
    assertThat(weights.get(2)).containsExactly(-4, 2, .5f);
    assertThat(weights.get(3)).containsExactly(5);
  }

  /** Begins {@code W2 relu(W1 x + b1)} of one number. */
  private static GraphBuilder pair(float[] first, float[] bias) {
    GraphBuilder g = new GraphBuilder("pair");
    int n = bias.length;
    g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(1))));
    g.initializer("w1", HostTensor.ofFloats(Shape.of(1, n), first));
    g.initializer("b1", HostTensor.ofFloats(Shape.of(n), bias));
    return g;
  }

  @Test
  void equalizeChannels_aNearlyDeadChannel_doesNotBlowUpItsBias() {
    float[] bias = {1, .5f, .001f};
    Shape row = Shape.of(List.of(Dim.of("n"), Dim.of(1)));
    GraphBuilder g = pair(new float[] {2, 1e-12f, 1e-3f}, bias);
    g.initializer("w2", HostTensor.ofFloats(Shape.of(3, 1), 1, 1, 1));
    g.initializer("b2", HostTensor.ofFloats(Shape.of(1), 0));
    String same = g.add("Relu", Map.of(), g.add("Gemm", Map.of(), "x", "w1", "b1"));
    g.output(g.add("Gemm", Map.of(), same, "w2", "b2"), DType.FLOAT32, row);
    Graph after = new EqualizeChannels().apply(g.build()).graph();
    float[] balanced =
        after.nodes().stream()
            .filter(n -> n.op().equals("Gemm"))
            .map(n -> after.initializers().get(n.input(2)).toFloats())
            .findFirst()
            .orElseThrow();
    assertThat(balanced[1]).isCloseTo(.5f * 64, within(1e-3f)); // not a million times as large
    assertThat(balanced[2]).isCloseTo(.001f * (float) Math.sqrt(1000), within(1e-5f)); // as wished
  }

  @Test
  void equalizeChannels_behindAReshapeThatMixesChannels_leavesTheLayersAlone() {
    GraphBuilder g = new GraphBuilder("mixing");
    Shape image = Shape.of(List.of(Dim.of("n"), Dim.of(1), Dim.of(2), Dim.of(2)));
    String x = g.input("x", DType.FLOAT32, image);
    String w1 = g.initializer("w1", HostTensor.ofFloats(Shape.of(2, 1, 1, 1), 9, .1f));
    String w2 = g.initializer("w2", HostTensor.ofFloats(Shape.of(2, 1), 1, 1));
    String b2 = g.initializer("b2", HostTensor.ofFloats(Shape.of(1), 0));
    String rows = g.initializer("rows", HostTensor.ofLongs(Shape.of(2), -1, 2));
    String maps = g.add("Relu", Map.of(), g.add("Conv", Map.of(), x, w1));
    String pairs = g.add("Reshape", Map.of(), maps, rows); // two pixels of one channel a row
    g.output(
        g.add("Gemm", Map.of(), pairs, w2, b2),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("m"), Dim.of(1))));
    assertThat(new EqualizeChannels().apply(g.build()).changes()).isEmpty();
  }

  @Test
  void linearLayer_whatIsNoNumberForEachColumn_isNoBias() {
    float[] ten = new float[10];
    for (List<Long> shape : List.of(List.of(10L), List.of(1L, 10L), List.of(10L, 1L))) {
      GraphBuilder g = new GraphBuilder("square");
      String x = g.input("x", DType.FLOAT32, Shape.of(10, 4));
      String w = g.initializer("w", HostTensor.ofFloats(Shape.of(4, 10), new float[40]));
      Shape own = Shape.of(shape.stream().mapToLong(Long::longValue).toArray());
      String bias = g.initializer("b", HostTensor.ofFloats(own, ten));
      g.output(g.add("Gemm", Map.of(), x, w, bias), DType.FLOAT32, Shape.of(10, 10));
      Graph graph = g.build();
      assertThat(LinearLayer.of(graph, graph.nodes().get(0)).isPresent())
          .as("bias " + own)
          .isEqualTo(!shape.equals(List.of(10L, 1L)));
    }
  }

  @Test
  void linearLayer_ofConstantsAlone_isNone() {
    GraphBuilder g = new GraphBuilder("constants");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, 3));
    String a = g.initializer("a", HostTensor.ofFloats(Shape.of(2, 4), new float[8]));
    String b = g.initializer("b", HostTensor.ofFloats(Shape.of(4, 3), new float[12]));
    String product = g.add("MatMul", Map.of(), a, b);
    g.output(g.add("Add", Map.of(), x, product), DType.FLOAT32, Shape.of(2, 3));
    Graph graph = g.build();
    assertThat(LinearLayer.of(graph, graph.nodes().get(0))).isEmpty();
  }
}
