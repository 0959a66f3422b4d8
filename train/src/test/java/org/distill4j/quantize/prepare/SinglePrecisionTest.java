package org.distill4j.quantize.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.passes.LinearLayer;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

class SinglePrecisionTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final Dataset DATA = Noise.of(IMAGE, 4);

  private static HostTensor halves(Shape shape, SplittableRandom random) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elements() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putShort(Float16.fromFloat((float) (random.nextGaussian() / 16)));
    }
    return HostTensor.of(DType.FLOAT16, shape, bytes.flip());
  }

  private static String cast(GraphBuilder g, String x, DType to) {
    return g.add("Cast", Map.of("to", Attribute.of((long) OnnxTypeCode.of(to))), x);
  }

  /** A convolution and a pair of its neighbours in float16, a dense layer in float64. */
  private static Graph ofThreePrecisions() {
    SplittableRandom random = new SplittableRandom(Seeds.of(11));
    GraphBuilder g = new GraphBuilder("precisions");
    String x = g.input("x", DType.FLOAT32, IMAGE.prepend(Dim.of("n")));
    String half = cast(g, x, DType.FLOAT16);
    String w = g.initializer("w", halves(Shape.of(8, 3, 3, 3), random));
    String factor = g.initializer("factor", halves(Shape.of(8, 1, 1), random));
    String map = g.add("Mul", Map.of(), g.add("Conv", Map.of(), half, w), factor);
    String flat = g.add("Flatten", Map.of(), cast(g, map, DType.FLOAT64));
    double[] matrix = new double[8 * 14 * 14 * 10];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = random.nextGaussian() / 40;
    }
    String dense = g.initializer("m", HostTensor.ofDoubles(Shape.of(8 * 14 * 14, 10), matrix));
    String least = g.initializer("least", HostTensor.ofDoubles(Shape.SCALAR, -1e300));
    String rows = g.add("Max", Map.of(), g.add("MatMul", Map.of(), flat, dense), least);
    g.output(
        cast(g, rows, DType.FLOAT32), DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(10))));
    return g.build();
  }

  @Test
  void singlePrecision_layersBetweenCasts_areOfFloat32AndSayTheSame() {
    Graph graph = ofThreePrecisions();
    Graph single = new SinglePrecision().apply(graph).graph();
    assertThat(single.nodes()).noneMatch(n -> n.op().equals("Cast"));
    assertThat(single.initializers().values()).allMatch(t -> t.type() == DType.FLOAT32);
    assertThat(single.initializers().get("least").toFloats()).containsExactly(-Float.MAX_VALUE);
    float[] wanted = Noise.answers(graph, DATA);
    float[] got = Noise.answers(single, DATA);
    float largest = 0;
    for (float value : wanted) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat(got[i]).isCloseTo(wanted[i], within(4e-3f * largest)); // of 11 bits
    }
    assertThat(single.nodes().stream().filter(n -> LinearLayer.of(single, n).isPresent()))
        .hasSize(2);
    assertThat(graph.nodes()).noneMatch(n -> LinearLayer.of(graph, n).isPresent());
  }

  @Test
  void singlePrecision_castsThatAreOutputs_areStillMade() {
    GraphBuilder g = new GraphBuilder("outputs");
    String x = g.input("x", DType.FLOAT32, Shape.of(2));
    String half = g.add("Neg", Map.of(), cast(g, x, DType.FLOAT16));
    g.output(cast(g, half, DType.FLOAT32), DType.FLOAT32, Shape.of(2));
    g.output(cast(g, half, DType.FLOAT32), DType.FLOAT32, Shape.of(2));
    g.output(cast(g, cast(g, x, DType.FLOAT64), DType.FLOAT32), DType.FLOAT32, Shape.of(2));
    Graph graph = g.build();
    Graph single = new SinglePrecision().apply(graph).graph();
    assertThat(single.outputs()).isEqualTo(graph.outputs());
    try (Predictor p = new OnnxRuntime().open(single, 1)) {
      Map<String, HostTensor> said = p.run(Map.of("x", HostTensor.ofFloats(Shape.of(2), 3, -5)));
      List<float[]> answers =
          graph.outputs().stream().map(v -> said.get(v.name()).toFloats()).toList();
      assertThat(answers)
          .containsExactly(new float[] {-3, 5}, new float[] {-3, 5}, new float[] {3, -5});
    }
  }

  @Test
  void singlePrecision_aModelOfFloat32_isLeftAsItIs() {
    Graph graph = new Mlp(List.of(8), 0).build(IMAGE, 10, Seeds.of(1));
    assertThat(new SinglePrecision().apply(graph).graph()).isSameAs(graph);
  }
}
