package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that float16 has not. */
class HalfPrecisionTest {
  private static final int N = 6;

  private static String scalar(GraphBuilder g, String name, double value) {
    return g.initializer(name, HostTensor.scalar((float) value));
  }

  private static Graph built(GraphBuilder g, String result) {
    return g.output(g.addNamed("y", "Identity", Map.of(), result), DType.FLOAT32, Shape.UNRANKED)
        .build();
  }

  /** A row divided by its length, guarded in a way of its own. */
  private static Graph normalized(String guard, double epsilon) {
    GraphBuilder g = new GraphBuilder(guard);
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    String axes = g.initializer("axes", HostTensor.ofLongs(Shape.of(1), 1));
    String e = scalar(g, "epsilon", epsilon);
    String squares = g.add("ReduceSum", Map.of(), g.add("Mul", Map.of(), x, x), axes);
    String size = g.add("Sqrt", Map.of(), squares);
    String by =
        switch (guard) {
          case "Max" -> g.add("Max", Map.of(), size, e);
          case "Clip" -> g.add("Clip", Map.of(), size, e);
          case "Add" -> g.add("Add", Map.of(), size, e);
          case "Reciprocal", "Div", "Pow", "Exp" -> "";
          default -> g.add("Sqrt", Map.of(), g.add("Add", Map.of(), squares, e));
        };
    if (by.isEmpty()) {
      String guarded = g.add("Add", Map.of(), squares, e);
      return built(g, g.add("Mul", Map.of(), inverseRoot(g, guard, guarded), x));
    }
    return built(g, g.add("Div", Map.of(), x, by));
  }

  /** {@code 1 / sqrt(x)}, said in a way of its own. */
  private static String inverseRoot(GraphBuilder g, String way, String x) {
    String half = scalar(g, "half", -0.5);
    return switch (way) {
      case "Reciprocal" -> g.add("Reciprocal", Map.of(), g.add("Sqrt", Map.of(), x));
      case "Div" -> g.add("Div", Map.of(), scalar(g, "one", 1), g.add("Sqrt", Map.of(), x));
      case "Pow" -> g.add("Pow", Map.of(), x, half);
      default -> g.add("Exp", Map.of(), g.add("Mul", Map.of(), g.add("Log", Map.of(), x), half));
    };
  }

  private static float[] run(Graph graph, float[] x) {
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      return p.run(Map.of("x", HostTensor.ofFloats(Shape.of(2, N), x))).get("y").toFloats();
    }
  }

  static Stream<Object[]> guards() {
    return Stream.of("Max", "Clip", "Add", "Sqrt", "Reciprocal", "Div", "Pow", "Exp")
        .flatMap(g -> Stream.of(1e-12, 1e-10, 1e-8).map(e -> new Object[] {g, e}));
  }

  @ParameterizedTest
  @MethodSource("guards")
  void of_guardAgainstZero_keepsGuarding(String guard, double epsilon) {
    Graph model = normalized(guard, epsilon);
    HalfPrecision half = HalfPrecision.of(model);
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    float[] x = new float[2 * N]; // the first row stays zero
    double squares = 0;
    for (int i = N; i < 2 * N; i++) {
      x[i] = (float) (4 * random.nextDouble() - 2);
      squares += x[i] * x[i];
    }

    float[] found = run(half.graph(), x);

    for (int i = 0; i < N; i++) {
      assertThat(found[i]).isZero();
      assertThat((double) found[N + i])
          .isBetween(x[N + i] / Math.sqrt(squares) - 2e-3, x[N + i] / Math.sqrt(squares) + 2e-3);
    }
    assertThat(half.notes()).hasSize(1);
    assertThat(half.notes().get(0)).contains("stays float32").contains("e-");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-3.4028234663852886e38, -1e9, -1e5})
  void of_mask_leavesTheRestAndNoNan(double low) {
    for (boolean chosen : new boolean[] {false, true}) {
      GraphBuilder g = new GraphBuilder("mask");
      String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
      String zero = scalar(g, "zero", 0);
      String small = scalar(g, "low", low);
      String positive = g.add("Greater", Map.of(), x, zero);
      String masked;
      if (chosen) {
        masked = g.add("Where", Map.of(), positive, x, small);
      } else {
        String one = scalar(g, "one", 1);
        String kept = g.add("Cast", Map.of("to", Attribute.of(1)), positive);
        String gone = g.add("Sub", Map.of(), one, kept);
        masked = g.add("Add", Map.of(), x, g.add("Mul", Map.of(), gone, small));
      }
      Graph model = built(g, g.add("Softmax", Map.of(), masked));
      float[] values = {1, -1, 2, -3, 0.5f, -2, -1, -1, -1, -1, -1, 4};

      float[] found = run(HalfPrecision.of(model).graph(), values);

      double sum = Math.exp(1) + Math.exp(2) + Math.exp(0.5);
      double[] wanted = {Math.exp(1) / sum, 0, Math.exp(2) / sum, 0, Math.exp(0.5) / sum, 0};
      for (int i = 0; i < N; i++) {
        assertThat((double) found[i]).isBetween(wanted[i] - 2e-3, wanted[i] + 2e-3);
      }
      assertThat(found[2 * N - 1]).isEqualTo(1f);
    }
  }

  @Test
  void of_smallWeights_stayOtherThanZero() {
    GraphBuilder g = new GraphBuilder("small");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    float[] weights = new float[N * 2];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (i % 2 == 0 ? 1 : -1) * (float) Math.pow(10, -i);
    }
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(N, 2), weights));
    Graph half = HalfPrecision.of(built(g, g.add("MatMul", Map.of(), x, w))).graph();

    float[] stored = half.initializers().get("w").toFloats();
    for (int i = 0; i < weights.length; i++) {
      assertThat(Math.signum(stored[i])).isEqualTo(Math.signum(weights[i]));
    }
  }

  @Test
  void of_boundsBeyondItsRange_becomeItsLastNumbers() {
    GraphBuilder g = new GraphBuilder("bounds");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    String y = g.add("Clip", Map.of(), x, scalar(g, "low", -1), scalar(g, "high", Float.MAX_VALUE));
    HalfPrecision half = HalfPrecision.of(built(g, y));

    assertThat(half.graph().initializers().get("high").toFloats()).containsExactly(65504);
    assertThat(half.notes()).isEmpty();
  }

  @Test
  void of_weightBeyondItsRange_isRefusedWithItsNode() {
    GraphBuilder g = new GraphBuilder("large");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    float[] weights = new float[N];
    weights[3] = 70_000;
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(N, 1), weights));
    Graph model = built(g, g.addNamed("product", "MatMul", Map.of(), x, w));

    assertThatThrownBy(() -> HalfPrecision.of(model))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "'w' of MatMul 'product': 70000.0 (expected: at most 65504 in float16); export in"
                + " float32");
  }

  /** A length that is only weighed, and divides nothing, may be as small as it will. */
  @Test
  void of_rootThatOnlyWeightsRead_keepsItsWeightsInHalf() {
    GraphBuilder g = new GraphBuilder("edges");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    String e = scalar(g, "epsilon", 1e-12);
    String squares = g.add("Mul", Map.of(), x, x);
    String root = g.add("Sqrt", Map.of(), g.add("Add", Map.of(), squares, e));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(N, 1), 1, 2, 3, 4, 5, 6));
    Graph half = HalfPrecision.of(built(g, g.add("MatMul", Map.of(), root, w))).graph();

    assertThat(half.initializers().get("w").type()).isEqualTo(DType.FLOAT16);
    float[] values = {-1, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0};
    assertThat(run(half, values))
        .satisfies(
            y -> assertThat(y[0]).isEqualTo(1 + 3 + 12f), y -> assertThat(y[1]).isLessThan(1e-3f));
  }

  /** One constant in both numbers: where it guards and where it does not matter. */
  @Test
  void of_constantOfTwoReaders_isHeldForBoth() {
    GraphBuilder g = new GraphBuilder("shared");
    String x = g.input("x", DType.FLOAT32, Shape.of(2, N));
    String e = scalar(g, "e", 1e-9);
    String size = g.add("Abs", Map.of(), x);
    String unit = g.add("Div", Map.of(), x, g.add("Max", Map.of(), size, e));
    Graph model = built(g, g.add("LeakyRelu", Map.of(), g.add("Neg", Map.of(), unit)));
    float[] x0 = new float[2 * N];
    x0[3] = 5;

    float[] found = run(HalfPrecision.of(model).graph(), x0);

    assertThat(found[3]).isEqualTo(-0.01f, org.assertj.core.api.Assertions.within(1e-4f));
    assertThat(List.of(found[0], found[N])).allMatch(v -> v == 0);
  }
}
