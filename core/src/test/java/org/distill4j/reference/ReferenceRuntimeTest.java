package org.distill4j.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.graph.Value;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.PredictorCompatibility;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ReferenceRuntimeTest extends PredictorCompatibility {
  @Override
  protected InferenceRuntime runtime() {
    return new ReferenceRuntime();
  }

  @Override
  protected Set<DType> types() {
    return EnumSet.of(DType.FLOAT32, DType.INT8, DType.UINT8, DType.INT16, DType.INT32);
  }

  @Override
  protected boolean isOnTheHeap() {
    return true;
  }

  private static HostTensor bytes(DType type, Shape shape, int... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      if (type == DType.INT32) {
        data.putInt(value);
      } else {
        data.put((byte) value);
      }
    }
    return HostTensor.of(type, shape, data.flip());
  }

  private static Node node(String op, String output, Map<String, Attribute> how, String... in) {
    return Node.of(op, List.of(in), List.of(output), how);
  }

  /** x of uint8 (scale .5, zero 10), w of int8 (scale .25), a bias; y of uint8 at a given scale. */
  private static Graph layer(
      Node layer, Shape x, HostTensor weights, HostTensor bias, float biasScale, float scale) {
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    constants.put("xs", HostTensor.scalar(.5f));
    constants.put("xz", bytes(DType.UINT8, Shape.SCALAR, 10));
    constants.put("wq", weights);
    constants.put("ws", HostTensor.scalar(.25f));
    constants.put("bq", bias);
    constants.put("bs", HostTensor.scalar(biasScale));
    constants.put("ys", HostTensor.scalar(scale));
    constants.put("yz", bytes(DType.UINT8, Shape.SCALAR, 3));
    return new Graph(
        "layer",
        List.of(new Value("x", DType.FLOAT32, x)),
        List.of(new Value("y", DType.UINT8, Shape.UNRANKED)),
        List.of(
            node("QuantizeLinear", "xq", Map.of(), "x", "xs", "xz"),
            node("DequantizeLinear", "xd", Map.of(), "xq", "xs", "xz"),
            node("DequantizeLinear", "wd", Map.of(), "wq", "ws"),
            node("DequantizeLinear", "bd", Map.of(), "bq", "bs"),
            layer,
            node("Relu", "r", Map.of(), "z"),
            node("QuantizeLinear", "y", Map.of(), "r", "ys", "yz")),
        constants,
        Map.of());
  }

  private static Map<String, HostTensor> integers(Graph graph, HostTensor x) {
    try (ReferencePredictor predictor = new ReferenceRuntime().open(graph, 1)) {
      return predictor.integers(Map.of("x", x));
    }
  }

  @Test
  void quantize_ofGoldenNumbers_isTheFormulasResult() {
    // scale (2.55 + 1.3) / 255, zero round(1.3 / scale) = 86
    Graph graph =
        new Graph(
            "golden",
            List.of(new Value("x", DType.FLOAT32, Shape.of(6))),
            List.of(new Value("q", DType.UINT8, Shape.of(6))),
            List.of(node("QuantizeLinear", "q", Map.of(), "x", "s", "z")),
            Map.of(
                "s", HostTensor.scalar(3.85f / 255),
                "z", bytes(DType.UINT8, Shape.SCALAR, 86)),
            Map.of());
    HostTensor x = HostTensor.ofFloats(Shape.of(6), -1.3f, -.4f, 0, .2f, .9f, 2.55f);
    assertThat(integers(graph, x).get("q").toLongs()).containsExactly(0, 60, 86, 99, 146, 255);
  }

  @Test
  void gemm_ofIntegers_isTheSumOfProductsRoundedOnceHalfToEven() {
    Node gemm = node("Gemm", "z", Map.of(), "xd", "wd", "bd");
    Graph graph =
        layer(
            gemm,
            Shape.of(1, 2),
            bytes(DType.INT8, Shape.of(2, 3), 1, -2, 3, 4, 5, -6),
            bytes(DType.INT32, Shape.of(3), 1, 0, 7),
            .125f,
            .25f);
    // x = 1, -2: integers 12, 6, from zero 2, -4
    // sums: 2 - 16 + 1, -4 - 20, 6 + 24 + 7; of .125 each, a step of y is two of them
    Map<String, HostTensor> found = integers(graph, HostTensor.ofFloats(Shape.of(1, 2), 1, -2));
    assertThat(found.get("xq").toLongs()).containsExactly(12, 6);
    assertThat(found.get("z").type()).isEqualTo(DType.INT32);
    assertThat(found.get("z").toLongs()).containsExactly(-13, -24, 37);
    // below zero is cut to it; 37 / 2 = 18.5 goes to the even 18, and zero is 3
    assertThat(found.get("y").toLongs()).containsExactly(3, 3, 21);
  }

  @Test
  void conv_stridedPaddedAndGrouped_isTheSumOfItsWindow() {
    Node conv =
        node(
            "Conv",
            "z",
            Map.of(
                "group", Attribute.of(2L),
                "strides", Attribute.ofInts(2, 2),
                "pads", Attribute.ofInts(1, 1, 0, 0)),
            "xd",
            "wd",
            "bd");
    Graph graph =
        layer(
            conv,
            Shape.of(1, 2, 3, 3),
            bytes(DType.INT8, Shape.of(2, 1, 2, 2), 1, 2, 3, 4, -1, -1, -1, -1),
            bytes(DType.INT32, Shape.of(2), 0, 100),
            .125f,
            .125f);
    float[] x = new float[18];
    for (int i = 0; i < 9; i++) {
      x[i] = .5f * (i + 1); // from zero 1 to 9
      x[9 + i] = .5f; // from zero 1
    }
    Map<String, HostTensor> found = integers(graph, HostTensor.ofFloats(Shape.of(1, 2, 3, 3), x));
    // windows [0 0 / 0 1], [0 0 / 2 3], [0 4 / 0 7], [5 6 / 8 9] by [1 2 / 3 4]
    assertThat(found.get("z").toLongs()).containsExactly(4, 18, 36, 77, 99, 98, 98, 96);
    assertThat(found.get("y").toLongs()).containsExactly(7, 21, 39, 80, 102, 101, 101, 99);
  }

  @Test
  void gemm_aBiasOfAnotherScale_isRefused() {
    Node gemm = node("Gemm", "z", Map.of(), "xd", "wd", "bd");
    HostTensor weights = bytes(DType.INT8, Shape.of(1, 1), 1);
    HostTensor bias = bytes(DType.INT32, Shape.of(1), 1);
    Graph graph = layer(gemm, Shape.of(1, 1), weights, bias, .1f, 1);
    assertThatThrownBy(() -> integers(graph, HostTensor.ofFloats(Shape.of(1, 1), 1)))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "Gemm 'z': bias of scale 0.1 in channel 0 (expected: 0.125, as its products have;"
                + " kernels add it as it is)");
  }

  @Test
  void gemm_aSumBeyond32Bits_isAFault() {
    Node gemm = node("Gemm", "z", Map.of(), "xd", "wd", "bd");
    HostTensor weights = bytes(DType.INT8, Shape.of(1, 1), 127);
    HostTensor bias = bytes(DType.INT32, Shape.of(1), Integer.MAX_VALUE - 5);
    Graph graph = layer(gemm, Shape.of(1, 1), weights, bias, .125f, 1);
    assertThatThrownBy(() -> integers(graph, HostTensor.ofFloats(Shape.of(1, 1), 1)))
        .isInstanceOf(RunFault.class)
        .hasMessage("Gemm 'z': a sum of 2147483896 (expected: within 32 bits); keep it float");
  }

  @Test
  void dynamicQuantize_ofGoldenNumbers_isTheFormulasResult() {
    Graph graph = dynamic(Shape.of(6));
    // the example of ONNX's documentation of the operator: step 5 / 255, zero 3 / step
    HostTensor x = HostTensor.ofFloats(Shape.of(6), 0, 2, -3, -2.5f, 1.34f, .5f);
    Map<String, HostTensor> found = run(graph, x);
    assertThat(found.get("q").toLongs()).containsExactly(153, 255, 0, 26, 221, 179);
    assertThat(found.get("s").toFloats()).containsExactly(5f / 255);
    assertThat(found.get("z").toLongs()).containsExactly(153);
    assertThat(integers(graph, x).get("q")).isEqualTo(found.get("q"));
  }

  @Test
  void dynamicQuantize_ofZeros_hasAStep() {
    Map<String, HostTensor> found =
        run(dynamic(Shape.of(3)), HostTensor.ofFloats(Shape.of(3), 0, 0, 0));
    assertThat(found.get("q").toLongs()).containsExactly(0, 0, 0);
    assertThat(found.get("s").toFloats()).containsExactly(1);
  }

  private static Graph dynamic(Shape shape) {
    return new Graph(
        "dynamic",
        List.of(new Value("x", DType.FLOAT32, shape)),
        List.of(
            new Value("q", DType.UINT8, shape),
            new Value("s", DType.FLOAT32, Shape.SCALAR),
            new Value("z", DType.UINT8, Shape.SCALAR)),
        List.of(Node.of("DynamicQuantizeLinear", List.of("x"), List.of("q", "s", "z"), Map.of())),
        Map.of(),
        Map.of());
  }

  private static Map<String, HostTensor> run(Graph graph, HostTensor x) {
    try (ReferencePredictor predictor = new ReferenceRuntime().open(graph, 1)) {
      return predictor.run(Map.of("x", x));
    }
  }

  @Test
  void open_anOperatorOnRealNumbersAlone_isCarriedOutByOnnxRuntime() {
    Graph graph =
        new Graph(
            "erf",
            List.of(new Value("x", DType.FLOAT32, Shape.of(2))),
            List.of(new Value("y", DType.FLOAT32, Shape.of(2))),
            List.of(node("Erf", "y", Map.of(), "x")),
            Map.of(),
            Map.of());
    float[] found = run(graph, HostTensor.ofFloats(Shape.of(2), 0, 1)).get("y").toFloats();
    assertThat(found[0]).isZero();
    assertThat(found[1]).isCloseTo(.8427008f, within(1e-6f)); // Abramowitz and Stegun, table 7.1
  }

  private static Attribute type(DType type) {
    return Attribute.of((long) OnnxTypeCode.of(type));
  }

  private static float[] answers(InferenceRuntime runtime, Graph graph, float... x) {
    try (Predictor predictor = runtime.open(graph, 1)) {
      return predictor
          .run(Map.of("x", HostTensor.ofFloats(Shape.of(x.length), x)))
          .get("y")
          .toFloats();
    }
  }

  /** x in float16, through some nodes to d, and back. */
  private static Graph half(Map<String, HostTensor> constants, Node... between) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(node("Cast", "h", Map.of("to", type(DType.FLOAT16)), "x"));
    nodes.addAll(List.of(between));
    nodes.add(node("Cast", "y", Map.of("to", type(DType.FLOAT32)), "d"));
    return new Graph(
        "half",
        List.of(new Value("x", DType.FLOAT32, Shape.UNRANKED)),
        List.of(new Value("y", DType.FLOAT32, Shape.UNRANKED)),
        nodes,
        constants,
        Map.of());
  }

  @Test
  void run_aCastToFloat16_roundsToElevenBits() {
    Graph graph = half(Map.of(), node("Identity", "d", Map.of(), "h"));
    float[] found = answers(new ReferenceRuntime(), graph, 1 / 3f, 2049, -.75f, 1e-9f, 1e6f);
    // 1/3 is 1365 / 4096; 2049 lies between 2048 and 2050 and goes to the even one
    assertThat(found).containsExactly(1365 / 4096f, 2048, -.75f, 0, Float.POSITIVE_INFINITY);
  }

  @Test
  void run_aProductInFloat16_isRoundedToElevenBits() {
    HostTensor three =
        HostTensor.of(
            DType.FLOAT16,
            Shape.SCALAR,
            ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0x4200).flip());
    Graph graph = half(Map.of("k", three), node("Mul", "d", Map.of(), "h", "k"));
    // 3 x 1365 / 4096 = 1 - 2^-12, half a step below 1
    assertThat(answers(new ReferenceRuntime(), graph, 1 / 3f)).containsExactly(1);
  }

  @Test
  void run_anOperatorOfFloat16ThatHasNoArithmeticHere_isCarriedOut() {
    SplittableRandom random = new SplittableRandom(Seeds.of(9));
    float[] x = new float[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (String op : List.of("Elu", "Softsign", "Tanh", "Abs", "Selu")) {
      Graph graph = half(Map.of(), node(op, "d", Map.of(), "h"));
      float[] wanted = answers(new OnnxRuntime(), graph, x);
      assertThat(answers(new ReferenceRuntime(), graph, x))
          .as(op)
          .usingComparatorWithPrecision(2e-3f)
          .containsExactly(wanted);
    }
  }

  /** A column is no row: the bias of each row where there are as many rows as columns. */
  @Test
  void run_aGemmWithABiasForEachRow_addsItToTheRow() {
    Graph graph =
        new Graph(
            "rows",
            List.of(new Value("x", DType.FLOAT32, Shape.of(2, 2))),
            List.of(new Value("y", DType.FLOAT32, Shape.of(2, 2))),
            List.of(node("Gemm", "y", Map.of(), "x", "w", "b")),
            Map.of(
                "w", HostTensor.ofFloats(Shape.of(2, 2), 1, 0, 0, 1),
                "b", HostTensor.ofFloats(Shape.of(2, 1), 10, 20)),
            Map.of());
    try (Predictor predictor = new ReferenceRuntime().open(graph, 1)) {
      HostTensor x = HostTensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);
      assertThat(predictor.run(Map.of("x", x)).get("y").toFloats()).containsExactly(11, 12, 23, 24);
    }
  }

  @Test
  void run_integersDivided_goTowardsZero() {
    Graph graph =
        new Graph(
            "quotient",
            List.of(new Value("x", DType.FLOAT32, Shape.UNRANKED)),
            List.of(new Value("y", DType.FLOAT32, Shape.UNRANKED)),
            List.of(
                node("Cast", "i", Map.of("to", type(DType.INT64)), "x"),
                node("Div", "q", Map.of(), "i", "two"),
                node("Cast", "y", Map.of("to", type(DType.FLOAT32)), "q")),
            Map.of("two", HostTensor.ofLongs(Shape.SCALAR, 2)),
            Map.of());
    assertThat(answers(new ReferenceRuntime(), graph, 5, -5, 4, 1.9f)).containsExactly(2, -2, 2, 0);
  }
}
