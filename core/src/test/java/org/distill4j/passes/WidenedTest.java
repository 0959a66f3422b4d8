package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Models in 16 bits from end to end, taken in float32. */
class WidenedTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(37));
  private final int width = 2 + random.nextInt(5);

  /** {@code y = (x W + b) as whole numbers and back}, W and b whole, so that nothing is rounded. */
  private Graph model(float[] weights, float[] bias) {
    Shape rows = Shape.of(List.of(Dim.of("n"), Dim.of(width)));
    Node back =
        new Node("back", "", "Cast", List.of("k"), List.of("y"), Map.of("to", Attribute.of(10)));
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
    Map<String, HostTensor> halves = HalfPrecision.of(wide).graph().initializers();
    return new Graph(
        "half",
        List.of(new Value("x", DType.FLOAT16, rows)),
        List.of(new Value("y", DType.FLOAT16, rows)),
        List.of(wide.nodes().get(0), whole, back),
        halves,
        Map.of());
  }

  @Test
  void widened_modelInFloat16_saysTheSameInFloat32() {
    float[] weights = new float[width * width];
    float[] bias = new float[width];
    float[] x = new float[3 * width];
    for (float[] values : List.of(weights, bias, x)) {
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(-8, 9);
      }
    }
    Graph half = model(weights, bias);
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
}
