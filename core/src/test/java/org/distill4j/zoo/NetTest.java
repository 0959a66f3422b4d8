package org.distill4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Parameters;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetTest {
  private static final Shape MNIST = Shape.of(1, 28, 28);
  private static final Shape CIFAR = Shape.of(3, 32, 32);
  private static final Cnn TEACHER =
      new Cnn(List.of("32", "64", "pool", "128", "pool"), List.of(128), 0, false);
  private static final Cnn STUDENT =
      new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, false);

  /** Sources of the counts stand beside them. */
  static Stream<Arguments> nets() {
    return Stream.of(
        // the reference workload of the benchmark
        Arguments.of(TEACHER, MNIST, 10, 896_906),
        Arguments.of(STUDENT, MNIST, 10, 52_138),
        // norms instead of biases: 8 + 16 more
        Arguments.of(
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0.5, true), MNIST, 10, 52_162),
        // 784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10 (LeCun et al., 1998: 300-100-10)
        Arguments.of(new Mlp(List.of(300, 100), 0.1), MNIST, 10, 266_610),
        Arguments.of(new Mlp(List.of(), 0), Shape.of(64), 10, 650),
        // option A of the paper has 269,722; two shortcuts of 512 + 64 and 2,048 + 128 more
        Arguments.of(new ResNet(20, 16), CIFAR, 10, 272_474),
        // ResNet-20 less 2 blocks a stage: 2 * (4,672 + 18,560 + 73,984)
        Arguments.of(new ResNet(8, 16), CIFAR, 10, 78_042),
        // torchvision's mobilenet_v2 with 10 classes
        Arguments.of(new MobileNetV2(1, 6), CIFAR, 10, 2_236_682),
        // MLPerf Tiny: 23,756 trained, less 9 biases of 64 before norms
        Arguments.of(new DsCnn(64, 4, List.of(10, 4), 2, 0.2), Shape.of(1, 49, 10), 12, 23_180),
        // 144 + 32, twice 144 + 32 + 256 + 32, then 170
        Arguments.of(new DsCnn(16, 2, List.of(3, 3), 2, 0), MNIST, 10, 1_274));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void build_parameters_areAsPublished(Net net, Shape example, int classes, long parameters) {
    assertThat(Parameters.of(net.build(example, classes, 1)).count()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void build_shapes_areBatchByClasses(Net net, Shape example, int classes, long parameters) {
    Graph graph = net.build(example, classes, 1);

    Shapes shapes = ShapeInference.infer(graph);

    assertThat(shapes.shape("logits")).hasToString("[batch, " + classes + "]");
    assertThat(shapes.values().values()).allMatch(v -> v.shape().isRanked());
    assertThat(shapes.values().values())
        .allMatch(v -> v.shape().dims().stream().allMatch(d -> d.isKnown() || d.isSymbol()));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void build_runs_inOnnxRuntime(Net net, Shape example, int classes, long parameters) {
    Graph graph = net.build(example, classes, 1);
    Shape batch =
        Shape.of(Stream.concat(Stream.of(2L), sizes(example)).mapToLong(i -> i).toArray());
    float[] input = new float[(int) batch.elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (i * 37 % 101) / 101f;
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      HostTensor logits =
          predictor.run(Map.of("input", HostTensor.ofFloats(batch, input))).get("logits");
      assertThat(logits.shape()).isEqualTo(Shape.of(2, classes));
      // Initial weights keep the size of what passes through.
      assertThat(logits.toDoubles())
          .satisfies(values -> assertThat(Arrays.stream(values)).allMatch(v -> Math.abs(v) < 100))
          .satisfies(values -> assertThat(Arrays.stream(values)).anyMatch(v -> Math.abs(v) > 1e-4));
    }
  }

  private static Stream<Long> sizes(Shape shape) {
    return shape.dims().stream().map(d -> d.size());
  }

  @Test
  void build_mobileNetForImageNet_hasAsManyParametersAsTorchvision() {
    Graph graph = new MobileNetV2(1, 6).build(Shape.of(3, 224, 224), 1000, 1);

    assertThat(Parameters.of(graph).count()).isEqualTo(3_504_872);
    assertThat(ShapeInference.infer(graph).shape("conv2")).hasToString("[batch, 1280, 7, 7]");
  }

  @Test
  void build_sameSeed_givesTheSameBytes() {
    byte[] once = OnnxWriter.toBytes(STUDENT.build(MNIST, 10, 7));

    assertThat(OnnxWriter.toBytes(STUDENT.build(MNIST, 10, 7))).isEqualTo(once);
    assertThat(OnnxWriter.toBytes(STUDENT.build(MNIST, 10, 8))).isNotEqualTo(once);
  }

  @Test
  void build_weight_dependsOnItsNameNotOnOtherLayers() {
    HostTensor narrow = STUDENT.build(MNIST, 10, 7).initializers().get("conv1.weight");
    HostTensor other =
        new Cnn(List.of("8"), List.of(), 0, true)
            .build(MNIST, 3, 7)
            .initializers()
            .get("conv1.weight");

    assertThat(other).isEqualTo(narrow);
  }

  @Test
  void build_initialWeights_haveHeAndGlorotVariance() {
    Graph graph = new Mlp(List.of(500), 0).build(Shape.of(400), 300, 3);

    assertThat(variance(graph, "dense1.weight")).isCloseTo(2.0 / 400, within(5e-5));
    assertThat(variance(graph, "logits.weight")).isCloseTo(2.0 / 800, within(5e-5));
  }

  private static double variance(Graph graph, String name) {
    double sum = 0;
    double squares = 0;
    double[] values = graph.initializers().get(name).toDoubles();
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum / values.length).isCloseTo(0, within(1e-3));
    return squares / values.length;
  }

  @Test
  void build_morePoolsThanTheImageAllows_isRefused() {
    Cnn deep = new Cnn(List.of("pool", "pool", "pool", "pool"), List.of(), 0, false);
    assertThatThrownBy(() -> deep.build(Shape.of(1, 8, 8), 10, 1))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "cnn: pool on [1, 1, 1] (expected: at least 2 rows and columns); use fewer pools");
  }

  @Test
  void build_convolutionsOnVectors_areRefused() {
    assertThatThrownBy(() -> TEACHER.build(Shape.of(784), 10, 1))
        .isInstanceOf(InputFault.class)
        .hasMessage("cnn: conv1 on [784] (expected: images [channels, height, width])");
  }

  @Test
  void settings_outOfBounds_areRefused() {
    assertThatThrownBy(() -> new ResNet(18, 16))
        .hasMessageStartingWith("depth: 18 (expected: 6n + 2");
    assertThatThrownBy(() -> new Cnn(List.of("pol"), List.of(), 0, false))
        .hasMessageStartingWith("features: pol (expected: a number of filters");
    assertThatThrownBy(() -> new Mlp(List.of(0), 0)).hasMessage("hidden: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new Mlp(List.of(1), 1))
        .hasMessage("dropout: 1.0 (expected: 0 <= dropout < 1)");
    assertThatThrownBy(() -> new MobileNetV2(Double.NaN, 6)).hasMessageStartingWith("width: NaN");
  }
}
