package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * What a place where numbers are rounded gives and passes back. Straight-through gradients are held
 * against their declared rule: differences would see the stairs.
 */
class FakeQuantizationTest {
  static {
    TensorFlowNatives.load();
  }

  private static HostTensor bytes(DType type, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return HostTensor.of(
        type, values.length == 1 ? Shape.SCALAR : Shape.of(values.length), bytes.flip());
  }

  /** x rounded to a grid of uint8. */
  private static Graph activations(int count, float scale, int zero) {
    return new Graph(
        "activations",
        List.of(new Value("x", DType.FLOAT32, Shape.of(1, count))),
        List.of(new Value("y", DType.FLOAT32, Shape.of(1, count))),
        List.of(
            Node.of("QuantizeLinear", List.of("x", "s", "z"), List.of("q"), Map.of()),
            Node.of("DequantizeLinear", List.of("q", "s", "z"), List.of("y"), Map.of())),
        Map.of("s", HostTensor.scalar(scale), "z", bytes(DType.UINT8, zero)),
        Map.of());
  }

  /** x [1, 1] times weights [1, n] that are rounded to a step each. */
  private static Graph weights(float[] w, float... scales) {
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    constants.put("w", HostTensor.ofFloats(Shape.of(1, w.length), w));
    constants.put("s", HostTensor.ofFloats(Shape.of(scales.length), scales));
    constants.put("z", bytes(DType.INT8, new int[scales.length]));
    Map<String, Attribute> axis = Map.of("axis", Attribute.of(1L));
    return new Graph(
        "weights",
        List.of(new Value("x", DType.FLOAT32, Shape.of(1, 1))),
        List.of(new Value("y", DType.FLOAT32, Shape.of(1, w.length))),
        List.of(
            Node.of("QuantizeLinear", List.of("w", "s", "z"), List.of("wq"), axis),
            Node.of("DequantizeLinear", List.of("wq", "s", "z"), List.of("wd"), axis),
            Node.of("MatMul", List.of("x", "wd"), List.of("y"), Map.of())),
        constants,
        Map.of());
  }

  /** The output, the gradient of its sum by the input, then by each trained variable. */
  private static List<double[]> step(Graph graph, FakeQuantization rounding, float... x) {
    try (org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph()) {
      Ops tf = Ops.create(tensorFlow);
      Variables<TFloat32> variables =
          TensorFlowLowering.variables(tf, graph, TFloat32.class, rounding, tf.constant(.01f));
      Placeholder<TFloat32> input =
          tf.placeholder(
              TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(1, x.length)));
      Operand<TInt64> seed = tf.constant(new long[] {1, 1});
      TensorFlowGraph<TFloat32> lowered =
          TensorFlowLowering.lower(
              tf, graph, variables, Map.of("x", input), LoweringMode.training(seed));
      Operand<TFloat32> y = lowered.output("y");
      List<Operand<?>> by = new ArrayList<>(List.of(input));
      variables.trainable().forEach(v -> by.add(v.ref()));
      List<Operand<TFloat32>> fetched = new ArrayList<>(List.of(y));
      for (var gradient : tf.gradients(tf.sum(y, tf.constant(new int[] {0, 1})), by)) {
        fetched.add(gradient.asOutput().expect(TFloat32.class));
      }
      lowered.statisticUpdates().forEach(u -> fetched.add(u.value()));
      try (Session session = new Session(tensorFlow);
          NativeArray fed = new NativeArray(Shape.of(1, x.length))) {
        variables.initialize(session);
        fed.floats().put(x);
        Session.Runner runner = session.runner().feed(input, fed.tensor());
        fetched.forEach(runner::fetch);
        List<double[]> found = new ArrayList<>();
        try (var result = runner.run()) {
          for (int i = 0; i < fetched.size(); i++) {
            found.add(ArrayCopy.toHost(result.get(i)).toDoubles());
          }
        }
        return found;
      }
    }
  }

  @Test
  void forward_tiesAndBothEnds_roundsHalfToEvenAndClips() {
    // step .5, zero 2: from -1 to 126.5; .25 and .75 are halfway
    List<double[]> found =
        step(activations(6, .5f, 2), FakeQuantization.FIXED, -3, .25f, .75f, 1.2f, 126.5f, 200);
    assertThat(found.get(0)).containsExactly(-1, 0, 1, 1, 126.5, 126.5);
    // 1 within, 0 without; the ends belong to it
    assertThat(found.get(1)).containsExactly(0, 1, 1, 1, 1, 0);
  }

  @Test
  void lsq_goldenNumbers_areThoseOfThePaper() {
    // v / s = -9.4, .46, 2.6, -1.04, 8.2 at 4 bits, Qn = Qp = 7; a step of 1, N = 1 each:
    // bound, round(r) - r, ..., bound; times 1 / sqrt(7)
    float[] v = {-9.4f, .46f, 2.6f, -1.04f, 8.2f};
    List<double[]> found =
        step(weights(v, 1, 1, 1, 1, 1), new FakeQuantization(FakeQuantization.Ranges.LSQ, 4), 1);
    double g = 1 / Math.sqrt(7);
    assertThat(found.get(0)).containsExactly(-7, 0, 3, -1, 7);
    assertThat(found.get(2)).containsExactly(0, 1, 1, 1, 0);
    assertThat(found.get(3))
        .containsExactly(new double[] {-7 * g, -.46 * g, .4 * g, .04 * g, 7 * g}, within(1e-5));
  }

  @Test
  void lsq_anActivation_countsTheNumbersOfAnExampleAndItsOwnZero() {
    // step 2, zero 3: bounds -3 and 252; N = 4; the share moves by a step's gradient over the step
    List<double[]> found =
        step(
            activations(4, 2, 3),
            new FakeQuantization(FakeQuantization.Ranges.LSQ, 8),
            -100,
            .9f,
            3.2f,
            1000);
    double g = 1 / Math.sqrt(4 * 252);
    double slope = -3 + (0 - .45) + (2 - 1.6) + 252;
    assertThat(found.get(2)[0]).isCloseTo(slope * g / 2, within(1e-4));
  }

  @Test
  void movingAverage_aBatchBeyondItsRange_takesAHundredthOfIt() {
    // from -1 to 126.5; the batch goes from -3 to 20
    List<double[]> found =
        step(
            activations(2, .5f, 2),
            new FakeQuantization(FakeQuantization.Ranges.MOVING_AVERAGE, 8),
            -3,
            20);
    assertThat(found.get(2)[0]).isCloseTo(-1 - .02, within(1e-6));
    assertThat(found.get(3)[0]).isCloseTo(126.5 - .01 * 106.5, within(1e-4));
  }

  @Test
  void movingAverage_ofWeights_isTheLargestOfTheChannel() {
    List<double[]> found =
        step(
            weights(new float[] {.35f, -1.4f}, 9, 9),
            new FakeQuantization(FakeQuantization.Ranges.MOVING_AVERAGE, 4),
            1);
    // 7 steps each, whatever the constant said
    assertThat(found.get(0)).containsExactly(new double[] {.35, -1.4}, within(1e-6));
  }
}
