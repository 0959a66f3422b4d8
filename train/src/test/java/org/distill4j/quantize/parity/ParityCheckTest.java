package org.distill4j.quantize.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.DynamicIntegers;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.results.IntegerParity;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

class ParityCheckTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final int EXAMPLES = 64;
  private static final int CLASSES = 10;

  private static Dataset noise() {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    float[][] images = new float[EXAMPLES][(int) IMAGE.elements()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
    }
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("noise", IMAGE, classes, images, new int[EXAMPLES], Preprocessing.NONE);
  }

  @Test
  void of_everyKindOfNet_passes() {
    Dataset data = noise();
    List<Net> nets =
        List.of(
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true),
            new ResNet(8, 8),
            new DsCnn(16, 2, List.of(3, 3), 2, 0));
    for (Net net : nets) {
      Graph graph =
          CalibratedModel.of(
                  net.build(IMAGE, CLASSES, Seeds.of(1)),
                  data,
                  true,
                  EXAMPLES,
                  1,
                  ProgressListener.NONE)
              .integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
      IntegerParity parity =
          ParityCheck.of(graph, data, new OnnxRuntime(), 1, ProgressListener.NONE);
      assertThat(parity.n()).isEqualTo(EXAMPLES);
      assertThat(parity.exact().n()).isEqualTo(EXAMPLES);
      assertThat(parity.withinStep()).as(graph.name()).isEqualTo(1);
      assertThat(parity.runtimeWithinStep()).as(graph.name()).isEqualTo(1);
      assertThat(parity.layers()).as(graph.name()).isEmpty();
      assertThat(parity.isPassed()).as(graph.name() + ": " + parity.summary()).isTrue();
    }
  }

  @Test
  void of_aModelThatFindsItsRangesAtEachRun_isHeldAgainstExactIntegersAlone() {
    Dataset data = noise();
    Net net = new Cnn(List.of("8", "pool"), List.of(32, 16), 0, true);
    Graph graph = DynamicIntegers.of(net.build(IMAGE, CLASSES, Seeds.of(1)), 7, Set.of()).graph();
    assertNotSimulated(graph, data, "operator cannot be trained");
  }

  /** As outlier splitting leaves it where no layer before can make the copies. */
  @Test
  void of_aModelWithAGatherOfChannels_isHeldAgainstExactIntegersAlone() {
    GraphBuilder g = new GraphBuilder("gather");
    String x = g.input("x", DType.FLOAT32, IMAGE.prepend(Dim.of("batch")));
    SplittableRandom random = new SplittableRandom(Seeds.of(4));
    String channels = g.initializer("channels", HostTensor.ofLongs(Shape.of(4), 0, 1, 1, 2));
    String copied = g.add("Gather", Map.of("axis", Attribute.of(1L)), x, channels);
    String map = g.add("Conv", Map.of(), copied, weights(g, random, 8, 4, 3, 3));
    String flat = g.add("Flatten", Map.of(), g.add("GlobalAveragePool", Map.of(), map));
    String y = g.add("MatMul", Map.of(), flat, weights(g, random, 8, CLASSES));
    g.output(y, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(CLASSES))));
    Dataset data = noise();
    Graph graph =
        CalibratedModel.of(g.build(), data, false, EXAMPLES, 1, ProgressListener.NONE)
            .integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
    assertNotSimulated(graph, data, "operator cannot be trained");
  }

  /** A foreign file's: the engine rounds to 8 bits, so it is not simulated as if it had these. */
  @Test
  void of_aModelWithActivationsOf16Bits_isNamedAndHeldAgainstExactIntegersAlone() {
    Dataset data = noise();
    Net net = new Cnn(List.of("8", "pool"), List.of(16), 0, true);
    Graph eight =
        CalibratedModel.of(
                net.build(IMAGE, CLASSES, Seeds.of(1)),
                data,
                true,
                EXAMPLES,
                1,
                ProgressListener.NONE)
            .integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
    for (DType type : List.of(DType.INT16, DType.UINT16)) {
      List<Node> pairs =
          eight.nodes().stream()
              .filter(n -> n.op().equals("QuantizeLinear") && !isConstant(eight, n.input(0)))
              .toList();
      Node wide = pairs.get(new SplittableRandom(Seeds.of(8)).nextInt(pairs.size()));
      Graph sixteen = widened(eight, wide.input(2), type);
      String named =
          sixteen.nodes().stream()
              .filter(n -> n.op().equals("DequantizeLinear"))
              .filter(n -> n.input(2).equals(wide.input(2)))
              .findFirst()
              .orElseThrow()
              .toString();
      assertNotSimulated(sixteen, data, named + ": integers of " + type);
      assertThatThrownBy(() -> CalibratedModel.require(sixteen, RangeMode.STATIC, Set.of()))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining("is quantized already, ");
    }
  }

  private static boolean isConstant(Graph graph, String value) {
    return graph.constant(value).isPresent();
  }

  /** The same zero point, a constant, in other integers. */
  private static Graph widened(Graph graph, String zero, DType type) {
    HostTensor held = graph.initializers().get(zero);
    short value = (short) held.toDoubles()[0];
    ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(value).flip();
    return graph.withInitializers(Map.of(zero, HostTensor.of(type, held.shape(), bytes)));
  }

  private static String weights(GraphBuilder g, SplittableRandom random, long... shape) {
    float[] values = new float[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return g.initializer("w" + shape.length, HostTensor.ofFloats(Shape.of(shape), values));
  }

  private static void assertNotSimulated(Graph graph, Dataset data, String why) {
    Notes notes = new Notes();
    IntegerParity parity = ParityCheck.of(graph, data, new OnnxRuntime(), 1, notes);
    assertThat(notes.lines())
        .singleElement()
        .asString()
        .startsWith("not simulated: ")
        .endsWith(why);
    assertThat(parity.n()).isEqualTo(EXAMPLES);
    assertThat(parity.exact().n()).isEqualTo(EXAMPLES);
    assertThat(parity.isSimulated()).isFalse();
    assertThat(parity.simulated()).isNull();
    assertThat(parity.exact().agreement()).isEqualTo(1);
    assertThat(parity.exact().distance()).isLessThan(1e-3);
    assertThat(parity.runtimeWithinStep()).isEqualTo(1);
    assertThat(parity.compared())
        .hasSize(2)
        .anyMatch(name -> name.startsWith("ONNX Runtime"))
        .anyMatch(name -> name.startsWith("exact integers"));
    assertThat(parity.isPassed()).as(parity.summary()).isTrue();
  }

  @Test
  void isPassed_oneAnswerInAHundredDiffers_isNot() {
    IntegerParity parity = IntegerParity.of(500, 500, 1., 1, .99, 1, 1., 1, List.of(), List.of());
    assertThat(parity.isPassed()).isFalse();
    assertThat(parity.fault())
        .isEqualTo(
            "parity: 99.00 % of answers as simulated, 100.00 % as exact integers, 100.000 % of"
                + " integers within a step (expected: >= 99.5, 99.5 and 99.9); set weight-bits: 7"
                + " or keep layers float");
  }
}
