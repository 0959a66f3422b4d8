package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of other types than float32, taken in float32. */
class WidenedTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(37));
  private final int width = 2 + random.nextInt(5);

  /** {@code y = (x W + b) as whole numbers and back}, W and b whole, so that nothing is rounded. */
  private Graph model(float[] weights, float[] bias, DType type) {
    Shape rows = Shape.of(List.of(Dim.of("n"), Dim.of(width)));
    Node back =
        new Node(
            "back",
            "",
            "Cast",
            List.of("k"),
            List.of("y"),
            Map.of("to", Attribute.of(type == DType.FLOAT16 ? 10 : 11)));
    Node whole =
        new Node("whole", "", "Cast", List.of("z"), List.of("k"), Map.of("to", Attribute.of(6)));
    Graph wide =
        new Graph(
            "half",
            List.of(new Value("x", DType.FLOAT32, rows)),
            List.of(new Value("z", DType.FLOAT32, rows)),
            List.of(Node.of("Gemm", List.of("x", "w", "b"), List.of("z"), Map.of())),
            Map.of(
                "w", HostTensor.ofFloats(Shape.of(width, width), weights),
                "b", HostTensor.ofFloats(Shape.of(width), bias)),
            Map.of());
    Map<String, HostTensor> constants =
        new HashMap<>(HalfPrecision.of(wide).graph().initializers());
    if (type == DType.FLOAT64) {
      constants.replaceAll((name, half) -> HostTensor.ofDoubles(half.shape(), half.toDoubles()));
    }
    return new Graph(
        "half",
        List.of(new Value("x", type, rows)),
        List.of(new Value("y", type, rows)),
        List.of(wide.nodes().get(0), whole, back),
        constants,
        Map.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "FLOAT64"})
  void widened_modelOfOtherFloats_saysTheSameInFloat32(DType type) {
    float[] weights = new float[width * width];
    float[] bias = new float[width];
    float[] x = new float[3 * width];
    for (float[] values : List.of(weights, bias, x)) {
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(-8, 9);
      }
    }
    Graph half = model(weights, bias, type);
    Graph wide = HalfPrecision.widened(half);
    assertThat(wide.onlyInput().type()).isEqualTo(DType.FLOAT32);
    assertThat(HalfPrecision.widened(wide)).isSameAs(wide);
    try (Predictor predictor = new OnnxRuntime().open(wide, 1)) {
      float[] y =
          predictor
              .run(Map.of("x", HostTensor.ofFloats(Shape.of(3, width), x)))
              .get("y")
              .toFloats();
      for (int i = 0; i < y.length; i++) {
        double sum = bias[i % width];
        for (int k = 0; k < width; k++) {
          sum += x[i / width * width + k] * weights[k * width + i % width];
        }
        assertThat((double) y[i]).isCloseTo(sum, within(1e-6));
      }
    }
  }

  /** {@code y = sum of x[k] w[k]}, x turned before it is made real. */
  private Graph ofPixels(DType type, float[] weights, boolean isReadTwice) {
    GraphBuilder g = new GraphBuilder("pixels");
    String x = g.input("x", type, Shape.of(List.of(Dim.of("n"), Dim.of(2), Dim.of(width))));
    Map<String, Attribute> turn = Map.of("perm", Attribute.ofInts(0, 2, 1));
    String turned = g.addNamed("turned", "Transpose", turn, x);
    String real = g.addNamed("real", "Cast", Map.of("to", Attribute.of(1)), turned);
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(width, 2), weights));
    String weighted = g.addNamed("weighted", "Mul", Map.of(), real, w);
    String axes = g.initializer("axes", HostTensor.ofLongs(Shape.of(2), 1, 2));
    g.output(
        g.addNamed("y", "ReduceSum", Map.of("keepdims", Attribute.of(0)), weighted, axes),
        DType.FLOAT32,
        Shape.UNRANKED);
    if (isReadTwice) {
      g.output(g.addNamed("same", "Identity", Map.of(), turned), type, Shape.UNRANKED);
    }
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT8", "INT8", "UINT16", "INT16"})
  void widened_wholeNumbersThatAreMadeReal_areTakenInFloat32AsTheyAre(DType type) {
    float[] weights = new float[2 * width];
    float[] x = new float[3 * 2 * width];
    for (int i = 0; i < x.length; i++) {
      weights[i % weights.length] = random.nextInt(-8, 9);
      x[i] = random.nextInt(128);
    }
    Graph narrow = ofPixels(type, weights, false);
    Graph wide = HalfPrecision.widened(narrow);
    assertThat(wide.onlyInput().type()).isEqualTo(DType.FLOAT32);
    assertThat(Metadata.preprocessing(wide)).contains(Preprocessing.NONE);
    try (Predictor predictor = new OnnxRuntime().open(wide, 1)) {
      float[] y =
          predictor
              .run(Map.of("x", HostTensor.ofFloats(Shape.of(3, 2, width), x)))
              .get("y")
              .toFloats();
      for (int n = 0; n < 3; n++) {
        double sum = 0;
        for (int row = 0; row < 2; row++) {
          for (int k = 0; k < width; k++) {
            sum += x[(n * 2 + row) * width + k] * weights[k * 2 + row];
          }
        }
        assertThat((double) y[n]).isCloseTo(sum, within(1e-3));
      }
    }
  }

  @Test
  void widened_wholeNumbersThatAreGivenToo_stay() {
    Graph narrow = ofPixels(DType.UINT8, new float[2 * width], true);
    assertThat(HalfPrecision.widened(narrow)).isSameAs(narrow);
  }
}
