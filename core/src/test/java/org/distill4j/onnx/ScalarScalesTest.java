package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One number is one number: scales and zero points as {@code []} or {@code [1]}. */
class ScalarScalesTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(17));
  private final int width = 2 + random.nextInt(4);

  private static TensorProto.Builder number(String name, DType type, boolean isVector) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(ElementType.code(type));
    return isVector ? tensor.addDims(1) : tensor;
  }

  /** {@code y = dequantize(quantize(x)) + dequantize(bias)}, the bias in 32 bits. */
  private ModelProto model(int opset, boolean scaleIsVector, boolean zeroIsVector, int[] bias) {
    ModelProto.Builder model = Protos.model(opset);
    TensorProto.Builder b =
        TensorProto.newBuilder()
            .setName("b")
            .setDataType(ElementType.code(DType.INT32))
            .addDims(width);
    for (int value : bias) {
      b.addInt32Data(value);
    }
    model
        .getGraphBuilder()
        .addInput(Protos.value("x", DType.FLOAT32, -1, width))
        .addOutput(Protos.value("y", DType.FLOAT32))
        .addInitializer(number("s", DType.FLOAT32, scaleIsVector).addFloatData(0.25f))
        .addInitializer(
            number("z", DType.UINT8, zeroIsVector)
                .setRawData(ByteString.copyFrom(new byte[] {(byte) 130})))
        .addInitializer(number("z32", DType.INT32, zeroIsVector).addInt32Data(0))
        .addInitializer(b)
        .addNode(Protos.node("QuantizeLinear", List.of("x", "s", "z"), List.of("q")))
        .addNode(Protos.node("DequantizeLinear", List.of("q", "s", "z"), List.of("d")))
        .addNode(Protos.node("DequantizeLinear", List.of("b", "s", "z32"), List.of("c")))
        .addNode(Protos.node("Add", List.of("d", "c"), List.of("y")));
    return model.build();
  }

  @ParameterizedTest
  @CsvSource({"10, true, false", "13, true, false", "17, false, true", "21, true, false"})
  void read_scaleAndZeroPointOfOneNumberInTwoShapes_meansThatNumber(
      int opset, boolean scaleIsVector, boolean zeroIsVector) {
    int[] bias = random.ints(width, -40, 40).toArray();
    Graph graph =
        OnnxReader.read(model(opset, scaleIsVector, zeroIsVector, bias).toByteArray(), "m");
    int rows = 3;
    float[] x = new float[rows * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (60 * (random.nextDouble() - 0.5));
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      float[] y =
          predictor
              .run(Map.of("x", HostTensor.ofFloats(Shape.of(rows, width), x)))
              .get("y")
              .toFloats();
      for (int i = 0; i < y.length; i++) {
        double number = Math.max(0, Math.min(255, Math.rint(x[i] / 0.25) + 130));
        double expected = (number - 130) * 0.25 + bias[i % width] * 0.25;
        assertThat((double) y[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }
}
