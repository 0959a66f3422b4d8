package org.distill4j.quantize.ptq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

class CalibratedModelTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final int EXAMPLES = 64;
  private static final int CLASSES = 10;

  private static Dataset noise(float size) {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    float[][] images = new float[EXAMPLES][(int) IMAGE.elements()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = size * (float) random.nextGaussian();
      }
    }
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("noise", IMAGE, classes, images, new int[EXAMPLES], Preprocessing.NONE);
  }

  private static CalibratedModel calibrated(Graph graph, Dataset data) {
    return CalibratedModel.of(graph, data, true, EXAMPLES, 1, ProgressListener.NONE);
  }

  private static float[] answers(Graph graph, Dataset data) {
    float[] pixels = new float[(int) (EXAMPLES * IMAGE.elements())];
    FloatBuffer target = FloatBuffer.wrap(pixels);
    for (int i = 0; i < EXAMPLES; i++) {
      data.read(i, target);
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      return predictor
          .run(
              Map.of(
                  graph.onlyInput().name(),
                  HostTensor.ofFloats(IMAGE.prepend(Dim.of(EXAMPLES)), pixels)))
          .get(graph.onlyOutput().name())
          .toFloats();
    }
  }

  /** Error power against signal power, both about the mean over all answers. */
  private static double noiseShare(float[] exact, float[] rounded) {
    double mean = 0;
    for (float x : exact) {
      mean += x / exact.length;
    }
    double signal = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      signal += (exact[i] - mean) * (exact[i] - mean);
      error += (exact[i] - rounded[i]) * (exact[i] - rounded[i]);
    }
    return error / signal;
  }

  @Test
  void integers_ofEveryKindOfNet_answerNearlyAsTheFloatModel() {
    List<Net> nets =
        List.of(
            new Mlp(List.of(64, 32), 0),
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true),
            new ResNet(8, 8),
            new DsCnn(16, 2, List.of(3, 3), 2, 0),
            new MobileNetV2(.25, 2));
    Dataset data = noise(1);
    for (Net net : nets) {
      Graph graph = net.build(IMAGE, CLASSES, Seeds.of(1));
      CalibratedModel ready = calibrated(graph, data);
      Graph integers = ready.integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
      // a fresh net's answers are small; the deepest, of 53 layers of 7 bits, has 10 %
      assertThat(noiseShare(answers(graph, data), answers(integers, data)))
          .as(graph.name())
          .isLessThan(.15);
      assertThat(ready.floating()).as(graph.name()).isEmpty();
    }
  }

  @Test
  void integers_ofALayer_haveInt8WeightsAndABiasOfTheProductsScale() {
    Graph graph = stirred(new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1)));
    Graph integers =
        calibrated(graph, noise(1)).integers(Observer.MIN_MAX, ActivationType.UINT8, 8, Set.of());
    Map<String, Node> producers = integers.producers();
    int layers = 0;
    for (Node node : integers.nodes()) {
      if (node.op().equals("Gemm")) {
        Node x = producers.get(node.input(0));
        Node w = producers.get(node.input(1));
        Node b = producers.get(node.input(2));
        assertThat(integers.initializers().get(w.input(0)).type()).isEqualTo(DType.INT8);
        assertThat(integers.initializers().get(b.input(0)).type()).isEqualTo(DType.INT32);
        float inputScale = integers.initializers().get(x.input(1)).toFloats()[0];
        float[] weightScales = integers.initializers().get(w.input(1)).toFloats();
        float[] biasScales = integers.initializers().get(b.input(1)).toFloats();
        for (int c = 0; c < biasScales.length; c++) {
          assertThat(biasScales[c]).isEqualTo(inputScale * weightScales[c]);
        }
        layers++;
      }
    }
    assertThat(layers).isEqualTo(2);
  }

  private static Graph stirred(Graph graph) {
    Map<String, HostTensor> others = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.shape().rank() == 1 && tensor.type() == DType.FLOAT32) {
                float[] values = tensor.toFloats();
                for (int i = 0; i < values.length; i++) {
                  values[i] += (i + 1) * .01f;
                }
                others.put(name, HostTensor.ofFloats(tensor.shape(), values));
              }
            });
    return graph.withInitializers(others);
  }

  @Test
  void integers_layersKeptFloat_stayAsTheyAre() {
    Graph graph = new ResNet(8, 8).build(IMAGE, CLASSES, Seeds.of(1));
    CalibratedModel ready = calibrated(graph, noise(1));
    Graph none = ready.integers(Observer.MSE, ActivationType.INT8, 8, Set.copyOf(ready.layers()));
    assertThat(none.initializers().values()).noneMatch(t -> t.type() == DType.INT32);
    float[] exact = answers(graph, noise(1));
    assertThat(noiseShare(exact, answers(none, noise(1)))).isCloseTo(0, within(.02));
    assertThatThrownBy(
            () -> ready.integers(Observer.MSE, ActivationType.INT8, 8, Set.of("nowhere")))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "keep-float: [nowhere] (expected: names of nodes of model 'resnet8'; inspect lists"
                + " them)");
  }

  @Test
  void of_aModelThatIsQuantizedAlready_isRefused() {
    Graph graph = new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1));
    Graph integers =
        calibrated(graph, noise(1)).integers(Observer.KL, ActivationType.UINT8, 8, Set.of());
    assertThatThrownBy(() -> calibrated(integers, noise(1)))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("model 'mlp': is quantized already, QuantizeLinear '")
        .hasMessageEndingWith("(expected: a float model)");
  }

  @Test
  void of_oneExample_isRefused() {
    Graph graph = new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1));
    assertThatThrownBy(() -> CalibratedModel.of(graph, noise(1), true, 1, 1, ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "calibration examples: 1 (expected: >= 2, better some hundreds); give more data");
  }

  @Test
  void of_constantActivations_isQuantizedAllTheSame() {
    Graph graph = new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1));
    Graph integers =
        calibrated(graph, noise(0)).integers(Observer.KL, ActivationType.UINT8, 8, Set.of());
    assertThat(answers(integers, noise(0))).containsOnly(0f);
  }

  @Test
  void of_aModelThatOverflows_namesTheTensor() {
    Graph graph = new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1));
    assertThatThrownBy(() -> calibrated(graph, noise(3e38f)))
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("holds an infinity or NaN on calibration data");
  }

  @Test
  void repaired_anAllZeroLayerAndADeadChannel_areQuantizedAllTheSame() {
    Graph graph = new Mlp(List.of(16, 8), 0).build(IMAGE, CLASSES, Seeds.of(1));
    List<Node> gemms = graph.nodes().stream().filter(n -> n.op().equals("Gemm")).toList();
    HostTensor first = graph.initializers().get(gemms.get(0).input(1));
    HostTensor second = graph.initializers().get(gemms.get(1).input(1));
    float[] dead = first.toFloats();
    for (int i = 0; i < dead.length; i += 16) {
      dead[i] = 0;
    }
    Graph broken =
        graph.withInitializers(
            Map.of(
                gemms.get(0).input(1),
                HostTensor.ofFloats(first.shape(), dead),
                gemms.get(1).input(1),
                HostTensor.ofFloats(second.shape(), new float[(int) second.elements()])));
    Set<Repair> all = Set.of(Repair.values());
    Graph integers =
        CalibratedModel.of(broken, noise(1), all, 8, EXAMPLES, 1, ProgressListener.NONE)
            .repaired(
                Observer.MSE,
                new QuantizationScheme(ActivationType.UINT8, 8, true),
                Set.of(),
                all,
                ProgressListener.NONE);
    assertThat(answers(integers, noise(1))).containsOnly(0f);
  }

  @Test
  void integers_aChannelOfTinyWeightsOrZeros_keepsItsBias() {
    Graph graph = new Mlp(List.of(16), 0).build(IMAGE, CLASSES, Seeds.of(1));
    Node first =
        graph.nodes().stream().filter(n -> n.op().equals("Gemm")).findFirst().orElseThrow();
    HostTensor weights = graph.initializers().get(first.input(1));
    boolean transposed = first.intAttribute("transB", 0) != 0;
    for (float tiny : new float[] {1e-12f, 1e-30f, 0}) {
      float[] nearlyDead = weights.toFloats();
      int inputs = nearlyDead.length / 16;
      for (int i = 0; i < inputs; i++) {
        nearlyDead[transposed ? i : i * 16] = tiny;
      }
      float[] biases = new float[16];
      biases[0] = .4f;
      Graph dying =
          graph.withInitializers(
              Map.of(
                  first.input(1),
                  HostTensor.ofFloats(weights.shape(), nearlyDead),
                  first.input(2),
                  HostTensor.ofFloats(Shape.of(16), biases)));
      Dataset wide = noise(100); // so that a step of what comes in is larger than the bias
      for (boolean equalize : new boolean[] {false, true}) {
        CalibratedModel ready =
            CalibratedModel.of(dying, wide, equalize, EXAMPLES, 1, ProgressListener.NONE);
        Graph integers = ready.integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
        Node bias = integers.producers().get(gemm(integers).input(2));
        HostTensor stored = integers.initializers().get(bias.input(0));
        float[] scales = integers.initializers().get(bias.input(1)).toFloats();
        float[] meant = ready.graph().initializers().get(gemm(ready.graph()).input(2)).toFloats();
        assertThat(stored.toDoubles()[0] * scales[0])
            .as("%s, %s", tiny, equalize)
            .isCloseTo(meant[0], within(1e-3 * Math.abs(meant[0])));
        assertThat(noiseShare(answers(dying, wide), answers(integers, wide))).isLessThan(.05);
      }
    }
  }

  private static Node gemm(Graph graph) {
    return graph.nodes().stream().filter(n -> n.op().equals("Gemm")).findFirst().orElseThrow();
  }

  @Test
  void require_whatCannotBecomeIntegers_isRefusedBeforeAnExampleRuns() {
    Graph graph =
        new Cnn(List.of("8", "pool"), List.of(16), 0, true).build(IMAGE, CLASSES, Seeds.of(1));
    assertThatThrownBy(() -> CalibratedModel.require(graph, RangeMode.STATIC, Set.of("nowhere")))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("keep-float: [nowhere] (expected: names of nodes of model 'cnn'");
    Set<String> all =
        graph.nodes().stream()
            .filter(n -> n.op().equals("Conv") || n.op().equals("Gemm"))
            .map(Node::name)
            .collect(Collectors.toSet());
    assertThatThrownBy(() -> CalibratedModel.require(graph, RangeMode.STATIC, all))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("model 'cnn', form static, keep-float [")
        .hasMessageEndingWith(
            "]: no layer is left for integers (expected: a Conv, Gemm or MatMul with constant"
                + " weights)");
    assertThatThrownBy(() -> CalibratedModel.require(graph, RangeMode.DYNAMIC, all))
        .hasMessageContaining("form dynamic, keep-float [");
    CalibratedModel.require(graph, RangeMode.STATIC, Set.of("conv1"));
    CalibratedModel.require(graph, RangeMode.DYNAMIC, Set.of("conv1"));
    HostTensor bias = graph.initializers().get("logits.bias");
    float[] broken = bias.toFloats();
    broken[3] = Float.NaN;
    Graph nan =
        graph.withInitializers(Map.of("logits.bias", HostTensor.ofFloats(bias.shape(), broken)));
    assertThatThrownBy(() -> CalibratedModel.require(nan, RangeMode.STATIC, Set.of()))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "model 'cnn', Gemm 'logits', 'logits.bias': NaN among its numbers (expected: finite"
                + " ones); train or export it again");
  }

  /** Why a product of [n, 4] and [4, 3] stays float, whose constants are given as names. */
  private static String obstacle(String op, String... inputs) {
    GraphBuilder g = new GraphBuilder("one");
    g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(4))));
    g.initializer("w", HostTensor.ofFloats(Shape.of(4, 3), new float[12]));
    g.initializer("u", HostTensor.ofFloats(Shape.of(2, 4, 3), new float[24]));
    g.initializer("left", HostTensor.ofFloats(Shape.of(5, 4), new float[20]));
    g.initializer("b", HostTensor.ofFloats(Shape.of(3), new float[3]));
    g.initializer("rows", HostTensor.ofFloats(Shape.of(2, 1), new float[2]));
    List<String> taken = new ArrayList<>();
    for (String input : inputs) {
      taken.add(
          switch (input) {
            case "tanh" -> g.add("Tanh", Map.of(), "w");
            case "bias" -> g.add("Tanh", Map.of(), "b");
            case "turned" -> g.add("Transpose", Map.of("perm", Attribute.ofInts(1, 0)), "x");
            default -> input;
          });
    }
    String y = g.addNamed("product", op, Map.of(), taken.toArray(String[]::new));
    g.output(y, DType.FLOAT32, Shape.UNRANKED);
    Graph graph = g.build();
    Node product =
        graph.nodes().stream().filter(n -> n.name().equals("product")).findFirst().orElseThrow();
    return QuantizationPlan.obstacle(graph, product, true);
  }

  @Test
  void obstacle_eachReason_isNamedByItself() {
    assertThat(obstacle("Gemm", "x", "tanh"))
        .isEqualTo("its weights are computed (expected: constants)");
    assertThat(obstacle("MatMul", "left", "turned"))
        .isEqualTo("its weights stand on the left (expected: on the right)");
    assertThat(obstacle("MatMul", "x", "u"))
        .isEqualTo("its weights are of an unusual form, [2, 4, 3] (expected: a matrix)");
    assertThat(obstacle("Gemm", "x", "w", "bias"))
        .isEqualTo("its bias is computed (expected: constants)");
    assertThat(obstacle("Gemm", "x", "w", "rows"))
        .isEqualTo(
            "its bias is of an unusual form, [2, 1] (expected: a number for each of 3 outputs)");
  }
}
