package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

class TensorFlowLoweringTest {
  private static Graph dropping(double ratio) {
    return OneNode.graph("dropping")
        .input("x", 1000)
        .number("ratio", ratio)
        .node("Dropout", "x ratio", "y")
        .build();
  }

  @Test
  void unsupported_net_isNothing() {
    assertThat(TensorFlowLowering.unsupported(new Mlp(List.of(4), 0).build(Shape.of(3), 2, 1)))
        .isEmpty();
  }

  @Test
  void unsupported_severalNodes_namesEachWithItsWayOut() {
    Graph graph =
        OneNode.graph("odd")
            .input("x", 3, 4, 4)
            .integers("p", 0, 0, 1, 1, 0, 0, 1, 1)
            .node("Pad", "x p", "wrapped", "mode", "wrap")
            .node("Mish", "wrapped", "m")
            .node("Relu", "m", "y")
            .build();

    List<String> lines = TensorFlowLowering.unsupported(graph);

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .isEqualTo("Pad 'wrapped': mode: wrap (expected: one of [constant, reflect, edge])");
    assertThat(lines.get(1))
        .startsWith("Mish 'm': operator cannot be trained (expected: one of Add, AveragePool")
        .endsWith("replace it in the model, or use the model as a teacher only");
  }

  @Test
  void lower_unsupported_isRefusedWithAllLines() {
    Graph graph = OneNode.graph("odd").input("x", 3).node("Mish", "x", "y").build();
    Graph sound = OneNode.graph("even").input("x", 3).node("Relu", "x", "y").build();
    TensorFlowNatives.load();
    try (org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph()) {
      Ops tf = Ops.create(tensorFlow);
      Variables<TFloat32> none = TensorFlowLowering.variables(tf, sound, TFloat32.class);
      Map<String, Operand<TFloat32>> inputs = Map.of("x", tf.constant(new float[1][3]));

      assertThatThrownBy(
              () -> TensorFlowLowering.lower(tf, graph, none, inputs, LoweringMode.inference()))
          .isInstanceOfSatisfying(
              InputFault.class,
              e ->
                  assertThat(e.lines())
                      .isEqualTo(TensorFlowLowering.unsupported(graph))
                      .hasSize(1));
    }
  }

  @Test
  void variables_unsupported_areRefusedWithAllLines() {
    Graph graph = OneNode.graph("odd").input("x", 3).node("Mish", "x", "y").build();
    TensorFlowNatives.load();
    try (org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph()) {
      Ops tf = Ops.create(tensorFlow);

      assertThatThrownBy(() -> TensorFlowLowering.variables(tf, graph, TFloat32.class))
          .isInstanceOfSatisfying(
              InputFault.class,
              e ->
                  assertThat(e.lines())
                      .isEqualTo(TensorFlowLowering.unsupported(graph))
                      .hasSize(1));
    }
  }

  @Test
  void unsupported_doublePrecision_isRefused() {
    Shape row = Shape.of(1, 2);
    Graph graph =
        new Graph(
            "double",
            List.of(new Value("x", DType.FLOAT64, row)),
            List.of(new Value("y", DType.FLOAT64, row)),
            List.of(Node.of("MatMul", List.of("x", "w"), List.of("y"), Map.of())),
            Map.of("w", HostTensor.ofDoubles(Shape.of(2, 2), 1, 2, 3, 4)),
            Map.of());

    assertThat(TensorFlowLowering.unsupported(graph))
        .containsExactly(
            "parameter 'w': FLOAT64 (expected: FLOAT32); export the model in single precision");
  }

  @Test
  void lower_volume_isRefused() {
    Graph graph =
        OneNode.graph("volume")
            .input("x", 1, 4, 4, 4)
            .weight("w", 2, 1, 3, 3, 3)
            .node("Conv", "x w", "y")
            .build();

    assertThatThrownBy(() -> LoweredRun.inference(graph))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "Conv 'y': input [batch, 1, 4, 4, 4] (expected: rank 3 or 4); only signals and maps are"
                + " trained");
  }

  @Test
  void lower_usedMask_isRefused() {
    Graph base = dropping(0.5);
    Node node = new Node("y", "", "Dropout", List.of("x", "ratio"), List.of("y", "mask"), Map.of());
    Graph graph =
        new Graph(
            "mask",
            base.inputs(),
            List.of(base.onlyOutput(), new Value("mask", DType.BOOL, base.onlyOutput().shape())),
            List.of(node),
            base.initializers(),
            Map.of());

    assertThat(TensorFlowLowering.unsupported(graph))
        .containsExactly(
            "Dropout 'y': its output 'mask' is used (expected: only the first); export it without");
  }

  @Test
  void lower_unknownRowsAndColumns_equalsOnnxRuntime() {
    Graph graph =
        OneNode.graph("any size")
            .open("x", 2)
            .weight("w", 3, 2, 3, 3)
            .weight("k", 3, 1, 3, 3)
            .weight("d", 3, 4)
            .node("Conv", "x w", "a", "pads", new long[] {1, 1, 1, 1}, "strides", new long[] {2, 1})
            .node("Conv", "a k", "b", "group", 3, "auto_pad", "SAME_UPPER")
            .node("MaxPool", "b", "c", "kernel_shape", new long[] {2, 2})
            .node("AveragePool", "c", "e", "kernel_shape", new long[] {1, 2})
            .node("GlobalAveragePool", "e", "f")
            .node("Flatten", "f", "g")
            .node("MatMul", "g d", "y")
            .build();
    Map<String, HostTensor> feeds = LoweredRun.feeds(graph, 7, 1);

    try (LoweredRun<TFloat32> run = LoweredRun.inference(graph)) {
      assertThat(run.run(feeds, List.of(run.lowered.output("y"))).get(0))
          .containsExactly(LoweredRun.onnxRuntime(graph, feeds).get(0), within(1e-4));
    }
  }

  @Test
  void unsupported_unknownRowsWithCeil_asksForFixedExtents() {
    Graph graph =
        OneNode.graph("any size")
            .open("x", 2)
            .node("MaxPool", "x", "y", "kernel_shape", new long[] {2, 2}, "ceil_mode", 1)
            .build();

    assertThat(TensorFlowLowering.unsupported(graph))
        .containsExactly(
            "MaxPool 'y': input [batch, 2, h, w] with auto_pad or ceil_mode (expected: fixed"
                + " spatial extents); declare them in the model");
  }

  @Test
  void lower_missingInput_isRefused() {
    Graph graph = new Mlp(List.of(4), 0).build(Shape.of(3), 2, 1);
    TensorFlowNatives.load();
    try (org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph()) {
      Ops tf = Ops.create(tensorFlow);
      Variables<TFloat32> variables = TensorFlowLowering.variables(tf, graph, TFloat32.class);
      Map<String, Operand<TFloat32>> none = Map.of();

      assertThatThrownBy(
              () -> TensorFlowLowering.lower(tf, graph, variables, none, LoweringMode.inference()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input 'input': is missing");
    }
  }

  @Test
  void output_intermediate_isRefused() {
    try (LoweredRun<TFloat32> run = LoweredRun.inference(dropping(0.5))) {
      assertThatThrownBy(() -> run.lowered.output("x"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(run.lowered.value("x").shape().numDimensions()).isEqualTo(2);
    }
  }

  @Test
  void dropout_training_keepsTheShareAndScalesIt() {
    Graph graph = dropping(0.25);
    HostTensor ones = HostTensor.ofFloats(Shape.of(10, 1000), ones(10_000));
    try (LoweredRun<TFloat32> run = LoweredRun.training(graph, TFloat32.class)) {
      double[] y = run.run(Map.of("x", ones), List.of(run.lowered.output("y"))).get(0);

      assertThat(y).containsOnly(0, (float) (1 / 0.75));
      // 10,000 draws: standard deviation sqrt(10000 0.75 0.25) = 43
      assertThat(Arrays.stream(y).filter(v -> v > 0).count()).isBetween(7300L, 7700L);
    }
  }

  @Test
  void dropout_anotherStepOrNode_drawsOtherNumbers() {
    Graph graph =
        OneNode.graph("two")
            .input("x", 1000)
            .number("ratio", 0.5)
            .node("Dropout", "x ratio", "a")
            .node("Dropout", "x ratio", "y")
            .build();
    TensorFlowNatives.load();
    try (org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph()) {
      Ops tf = Ops.create(tensorFlow);
      Placeholder<TInt64> seedAndStep = tf.placeholder(TInt64.class);
      Operand<TFloat32> x = tf.constant(new float[][] {ones(1000)});
      TensorFlowGraph<TFloat32> lowered =
          TensorFlowLowering.lower(
              tf,
              graph,
              TensorFlowLowering.variables(tf, graph, TFloat32.class),
              Map.of("x", x),
              LoweringMode.training(seedAndStep));
      try (Session session = new Session(tensorFlow)) {
        float[] first = fetch(session, seedAndStep, lowered.value("y"), 1, 1);

        assertThat(fetch(session, seedAndStep, lowered.value("y"), 1, 1)).isEqualTo(first);
        assertThat(fetch(session, seedAndStep, lowered.value("y"), 1, 2)).isNotEqualTo(first);
        assertThat(fetch(session, seedAndStep, lowered.value("y"), 2, 1)).isNotEqualTo(first);
        assertThat(fetch(session, seedAndStep, lowered.value("a"), 1, 1)).isNotEqualTo(first);
      }
    }
  }

  private static float[] fetch(
      Session session, Operand<TInt64> seedAndStep, Operand<TFloat32> y, long seed, long step) {
    try (TInt64 fed = TInt64.vectorOf(seed, step);
        var result = session.runner().feed(seedAndStep, fed).fetch(y).run()) {
      return ArrayCopy.toHost(result.get(0)).toFloats();
    }
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
