package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators that have newer versions and are not rewritten give the same in both. */
class UnchangedOperatorsTest {
  @ParameterizedTest
  @CsvSource({
    "7,0,0", "7,0,1", "10,0,0", "10,0,1", "10,1,0", "10,1,1", "11,1,0", "11,1,1", "18,1,1"
  })
  void read_averagePool_isUnchanged(int opset, long ceil, long includePad) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "AveragePool",
            Protos.ints("kernel_shape", 3, 2),
            Protos.ints("strides", 2, 2),
            Protos.ints("pads", 1, 0, 1, 1),
            Protos.attribute("count_include_pad", includePad));
    if (opset >= 10) {
      node.addAttribute(Protos.attribute("ceil_mode", ceil));
    }
    UpgradersTest.checkSame(Protos.unary(opset, node), 1, 2, 6, 7);
  }

  @ParameterizedTest
  @CsvSource({"7,SAME_UPPER", "10,SAME_LOWER", "11,VALID"})
  void read_pooling_isUnchanged(int opset, String pad) throws Exception {
    for (String op : List.of("AveragePool", "MaxPool", "LpPool")) {
      NodeProto.Builder node =
          Protos.node(
              op,
              Protos.ints("kernel_shape", 3, 2),
              Protos.ints("strides", 2, 2),
              Protos.attribute("auto_pad", pad));
      UpgradersTest.checkSame(Protos.unary(opset, node), 1, 2, 6, 7);
    }
  }

  @ParameterizedTest
  @CsvSource({"RNN,1", "GRU,3", "LSTM,4"})
  void read_recurrent_isUnchanged(String op, int gates) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            op, Protos.attribute("hidden_size", 2), Protos.attribute("direction", "bidirectional"));
    float[] w = new float[2 * gates * 2 * 3];
    float[] r = new float[2 * gates * 2 * 2];
    for (int i = 0; i < w.length; i++) {
      w[i] = (i % 7 - 3) / 5f;
      r[i % r.length] = (i % 5 - 2) / 5f;
    }
    UpgradersTest.checkSame(
        UpgradersTest.model(
            7,
            node,
            Protos.floats("w", List.of(2L, 2L * gates, 3L), w),
            Protos.floats("r", List.of(2L, 2L * gates, 2L), r)),
        4,
        1,
        3);
  }

  @ParameterizedTest
  @CsvSource({"10", "13", "19"})
  void read_quantization_isUnchanged(int opset) throws Exception {
    NodeProto.Builder node = Protos.node("QuantizeLinear", List.of("x", "s", "z"), List.of("q"));
    ModelProto.Builder model =
        Protos.unary(opset, Protos.node("DequantizeLinear", List.of("q", "s", "z"), List.of("y")));
    model
        .getGraphBuilder()
        .addNode(0, node)
        .addInitializer(Protos.floats("s", List.of(), .05f))
        .addInitializerBuilder()
        .setName("z")
        .setDataType(2)
        .addInt32Data(110);
    UpgradersTest.checkSame(model, 3, 5);
  }

  @ParameterizedTest
  @CsvSource({"7", "9", "11"})
  void read_gemm_isUnchanged(int opset) throws Exception {
    NodeProto.Builder node =
        Protos.node("Gemm", Protos.attribute("alpha", .5f), Protos.attribute("transB", 1));
    UpgradersTest.checkSame(
        UpgradersTest.model(
            opset,
            node,
            Protos.floats("b", List.of(2L, 3L), 1, 2, 3, 4, 5, 6),
            Protos.floats("c", List.of(2L), .5f, 1)),
        4,
        3);
  }

  @ParameterizedTest
  @CsvSource({"7,0", "10,1", "11,1"})
  void read_transposedConvolution_isUnchanged(int opset, long sizes) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "ConvTranspose", Protos.ints("strides", 2, 2), Protos.ints("kernel_shape", 3, 3));
    if (sizes > 0) { // an odd element of padding
      node.addAttribute(Protos.ints("output_shape", 8, 8));
    }
    float[] w = new float[9];
    for (int i = 0; i < 9; i++) {
      w[i] = i - 3;
    }
    UpgradersTest.checkSame(
        UpgradersTest.model(opset, node, Protos.floats("w", List.of(1L, 1L, 3L, 3L), w)),
        1,
        1,
        4,
        4);
  }
}
