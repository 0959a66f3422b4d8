package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of opset 22 to 25 are read; what is new in them is refused by name. */
class NewerOpsetsTest {
  private static final int SIDE = 5;
  private static final int MAPS = 3;
  private static final int CLASSES = 4;
  private static final double STEP = 0.25; // inputs are multiples of it, so no rounding moves them

  private final SplittableRandom random = new SplittableRandom(Seeds.of(41));

  private float[] drawn(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / 2);
    }
    return values;
  }

  /** The attribute that an opset added to an operator, where a file may have its default. */
  private static List<AttributeProto> added(int opset, int since, AttributeProto attribute) {
    return opset >= since ? List.of(attribute) : List.of();
  }

  private ModelProto model(int opset, float[] w, float[] b, float[] head, float[] bias) {
    ModelProto.Builder model = Protos.model(opset).setIrVersion(opset - 12);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.addInput(Protos.value("x", DType.FLOAT32, -1, 1, SIDE, SIDE));
    graph.addOutput(Protos.value("y", DType.FLOAT32, -1, CLASSES));
    graph.addInitializer(Protos.floats("s", List.of(), (float) STEP));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("z")
            .setDataType(ElementType.code(DType.INT8))
            .addInt32Data(0));
    graph.addInitializer(Protos.floats("w", List.of((long) MAPS, 1L, 3L, 3L), w));
    graph.addInitializer(Protos.floats("b", List.of((long) MAPS), b));
    graph.addInitializer(Protos.floats("h", List.of((long) MAPS, (long) CLASSES), head));
    graph.addInitializer(Protos.floats("c", List.of((long) CLASSES), bias));
    NodeProto.Builder quantize =
        Protos.node("QuantizeLinear", List.of("x", "s", "z"), List.of("q"))
            .addAllAttribute(added(opset, 23, Protos.attribute("precision", 0)));
    NodeProto.Builder dequantize =
        Protos.node("DequantizeLinear", List.of("q", "s", "z"), List.of("d"))
            .addAllAttribute(added(opset, 23, Protos.attribute("output_dtype", 0)));
    NodeProto.Builder cast =
        Protos.node("Cast", List.of("g"), List.of("f"))
            .addAttribute(Protos.attribute("to", ElementType.code(DType.FLOAT32)))
            .addAllAttribute(added(opset, 24, Protos.attribute("round_mode", "up")));
    graph
        .addNode(quantize)
        .addNode(dequantize)
        .addNode(
            Protos.node("Conv", List.of("d", "w", "b"), List.of("m"))
                .addAttribute(Protos.ints("pads", 1, 1, 1, 1)))
        .addNode(Protos.node("Relu", List.of("m"), List.of("r")))
        .addNode(Protos.node("GlobalAveragePool", List.of("r"), List.of("g")))
        .addNode(cast)
        .addNode(Protos.node("Flatten", List.of("f"), List.of("v")))
        .addNode(Protos.node("Gemm", List.of("v", "h", "c"), List.of("l")))
        .addNode(Protos.node("Softmax", List.of("l"), List.of("y")));
    return model.build();
  }

  /** The softmax of a linear layer of the means of rectified maps. */
  private static double[] answer(
      float[] x, int at, float[] w, float[] b, float[] head, float[] bias) {
    double[] logits = new double[CLASSES];
    for (int k = 0; k < CLASSES; k++) {
      logits[k] = bias[k];
    }
    for (int m = 0; m < MAPS; m++) {
      double mean = 0;
      for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
          double sum = b[m];
          for (int i = 0; i < 9; i++) {
            int r = row + i / 3 - 1;
            int c = column + i % 3 - 1;
            boolean isInside = r >= 0 && r < SIDE && c >= 0 && c < SIDE;
            sum += isInside ? w[m * 9 + i] * x[at + r * SIDE + c] : 0;
          }
          mean += Math.max(0, sum) / (SIDE * SIDE);
        }
      }
      for (int k = 0; k < CLASSES; k++) {
        logits[k] += mean * head[m * CLASSES + k];
      }
    }
    double sum = 0;
    for (int k = 0; k < CLASSES; k++) {
      logits[k] = Math.exp(logits[k]);
      sum += logits[k];
    }
    for (int k = 0; k < CLASSES; k++) {
      logits[k] /= sum;
    }
    return logits;
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 23, 24, 25})
  void read_ofANewerOpset_answersAsTheStandardSays(int opset) throws Exception {
    float[] w = drawn(MAPS * 9);
    float[] b = drawn(MAPS);
    float[] head = drawn(MAPS * CLASSES);
    float[] bias = drawn(CLASSES);
    int examples = 3;
    float[] x = new float[examples * SIDE * SIDE];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (STEP * random.nextInt(-128, 128));
    }
    Graph graph = OnnxReader.read(model(opset, w, b, head, bias).toByteArray(), "newer.onnx");
    assertThat(graph.nodes()).hasSize(9);
    HostTensor input = HostTensor.ofFloats(Shape.of(examples, 1, SIDE, SIDE), x);
    float[] y = Ort.run(OnnxWriter.toBytes(graph), Map.of("x", input)).get(0).toFloats();
    for (int i = 0; i < examples; i++) {
      double[] right = answer(x, i * SIDE * SIDE, w, b, head, bias);
      for (int k = 0; k < CLASSES; k++) {
        assertThat((double) y[i * CLASSES + k]).isCloseTo(right[k], within(1e-5));
      }
    }
  }

  private static void assertRefused(int opset, NodeProto.Builder node, String... says) {
    List<String> all = new ArrayList<>(List.of(node.getOpType()));
    all.addAll(List.of(says));
    byte[] file = Protos.unary(opset, node).build().toByteArray();
    assertThatThrownBy(() -> OnnxReader.read(file, "newer.onnx"))
        .as("%s in opset %s", node.getOpType(), opset)
        .isInstanceOf(InputFault.class)
        .hasMessageContainingAll(all.toArray(String[]::new));
  }

  /** By {@code onnx.defs} of ONNX 1.20: what versions 22 to 25 of its operators added. */
  @Test
  void read_whatNewerOpsetsAdded_isRefusedByName() {
    List<String> three = List.of("x", "x", "x");
    for (int opset = 23; opset <= 25; opset++) {
      String unknown = "unknown operator in opset " + opset;
      assertRefused(opset, Protos.node("Attention", three, List.of("y")), unknown);
      assertRefused(
          opset, Protos.node("RMSNormalization", List.of("x", "x"), List.of("y")), unknown);
      assertRefused(opset, Protos.node("RotaryEmbedding", three, List.of("y")), unknown);
      assertRefused(
          opset,
          Protos.node("QuantizeLinear", List.of("x", "x"), List.of("y"))
              .addAttribute(Protos.attribute("precision", 1)),
          "attribute 'precision': is unknown");
      assertRefused(
          opset,
          Protos.node("DequantizeLinear", List.of("x", "x"), List.of("y"))
              .addAttribute(Protos.attribute("output_dtype", 10)),
          "attribute 'output_dtype': is unknown");
    }
    for (int opset = 24; opset <= 25; opset++) {
      String unknown = "unknown operator in opset " + opset;
      assertRefused(opset, Protos.node("Swish"), unknown);
      assertRefused(opset, Protos.node("TensorScatter", List.of("x", "x"), List.of("y")), unknown);
      assertRefused(
          opset,
          Protos.node("Cast", Protos.attribute("to", 1), Protos.attribute("round_mode", "nearest")),
          "attribute 'round_mode': is unknown");
    }
    assertRefused( // which opset 22 has not
        22,
        Protos.node("QuantizeLinear", List.of("x", "x"), List.of("y"))
            .addAttribute(Protos.attribute("precision", 0)),
        "attribute 'precision': is unknown");
  }

  @ParameterizedTest
  @ValueSource(longs = {23, 24, 25, 26}) // float4, float8 of exponents alone, integers of 2 bits
  void read_ofNewerElementTypes_isRefused(long code) {
    assertRefused(25, Protos.node("Cast", Protos.attribute("to", code)), "element type");
  }
}
