package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisations, and what else has no case in the archive, of older opsets. */
class NormUpgradesTest {
  @Test
  void upgrade_batchNormOfOpset7_keepsItsStatistics() throws Exception {
    NodeProto.Builder node = Protos.node("BatchNormalization", Protos.attribute("epsilon", .01f));
    UpgradersTest.checkSame(
        UpgradersTest.model(7, node, vector("s"), vector("b"), vector("m"), vector("v")), 2, 3, 4);
  }

  private static TensorProto.Builder vector(String name) {
    return Protos.floats(name, List.of(3L), .5f, 1.5f, name.charAt(0) / 100f);
  }

  /** ONNX Runtime has no kernel for it, so the arithmetic is checked by hand. */
  @Test
  void upgrade_batchNormPerElement_isWrittenOut() throws Exception {
    List<Long> shape = List.of(1L, 2L);
    NodeProto.Builder node =
        Protos.node(
            "BatchNormalization", Protos.attribute("spatial", 0), Protos.attribute("epsilon", 1f));
    ModelProto.Builder model =
        UpgradersTest.model(
            7,
            node,
            Protos.floats("s", shape, 2, 3),
            Protos.floats("b", shape, 10, 20),
            Protos.floats("m", shape, 1, 2),
            Protos.floats("v", shape, 3, 8));
    Graph graph = OnnxReader.read(model.build().toByteArray(), "m.onnx");
    HostTensor x = HostTensor.ofFloats(Shape.of(1, 1, 2), 5, 8);
    // (5 - 1) / sqrt(3 + 1) * 2 + 10 = 14; (8 - 2) / sqrt(8 + 1) * 3 + 20 = 26
    assertThat(Ort.run(OnnxWriter.toBytes(graph), Map.of("x", x)))
        .containsExactly(HostTensor.ofFloats(Shape.of(1, 1, 2), 14, 26));
  }

  @Test
  void upgrade_batchNormInTraining_saysSo() {
    NodeProto.Builder node =
        Protos.node("BatchNormalization").addAllOutput(List.of("rm", "rv", "sm", "sv"));
    ModelProto.Builder model =
        UpgradersTest.model(9, node, vector("s"), vector("b"), vector("m"), vector("v"));
    Graph graph = OnnxReader.read(model.build().toByteArray(), "m.onnx");
    assertThat(graph.nodes().get(0).outputs()).containsExactly("y", "rm", "rv");
    assertThat(graph.nodes().get(0).intAttribute("training_mode", 0)).isEqualTo(1);
  }

  /** Two groups of two channels: -1 and 1, and 2 and 6, are each -1 and 1 when normalised. */
  @ParameterizedTest
  @ValueSource(longs = {4, -1})
  void upgrade_groupNorm_hasScaleAndBiasPerChannel(long channels) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "GroupNormalization",
            Protos.attribute("num_groups", 2),
            Protos.attribute("epsilon", 0f));
    ModelProto.Builder model =
        UpgradersTest.model(
            18,
            node,
            Protos.floats("s", List.of(2L), 3, 5),
            Protos.floats("b", List.of(2L), 10, 20));
    model.getGraphBuilder().setInput(0, Protos.value("x", DType.FLOAT32, -1, channels, 1));
    Graph graph = OnnxReader.read(model.build().toByteArray(), "m.onnx");
    assertThat(graph.nodes().size() == 1).isEqualTo(channels == 4);
    HostTensor x = HostTensor.ofFloats(Shape.of(1, 4, 1), -1, 1, 2, 6);
    assertThat(Ort.run(OnnxWriter.toBytes(graph), Map.of("x", x)))
        .containsExactly(HostTensor.ofFloats(Shape.of(1, 4, 1), 7, 13, 15, 25));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 15})
  void upgrade_roiAlign_keepsItsCoordinates(int opset) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "RoiAlign",
            Protos.attribute("output_height", 2),
            Protos.attribute("output_width", 2),
            Protos.attribute("sampling_ratio", 2));
    UpgradersTest.checkSame(
        UpgradersTest.model(
            opset,
            node,
            Protos.floats("rois", List.of(1L, 4L), .3f, .7f, 3.2f, 2.9f),
            Protos.longs("batch", 0)),
        1,
        2,
        4,
        5);
  }

  @ParameterizedTest
  @CsvSource({"bilinear", "bicubic", "nearest", "''"})
  void upgrade_gridSample_renamesItsMode(String mode) throws Exception {
    NodeProto.Builder node = Protos.node("GridSample");
    if (!mode.isEmpty()) {
      node.addAttribute(Protos.attribute("mode", mode));
    }
    UpgradersTest.checkSame(
        UpgradersTest.model(
            16, node, Protos.floats("grid", List.of(1L, 1L, 2L, 2L), -.3f, .2f, .71f, -.9f)),
        1,
        2,
        4,
        5);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "2,1"})
  void upgrade_dft_hasItsAxisAsInput(long axis, long onesided) throws Exception {
    NodeProto.Builder node =
        Protos.node("DFT", Protos.attribute("axis", axis), Protos.attribute("onesided", onesided));
    UpgradersTest.checkSame(Protos.unary(17, node), 1, 4, 8, 1);
    UpgradersTest.checkSame(Protos.unary(17, Protos.node("DFT")), 1, 4, 8, 1);
  }

  @Test
  void upgrade_scatter_isScatterElements() throws Exception {
    NodeProto.Builder node = Protos.node("Scatter", Protos.attribute("axis", 0));
    Graph graph =
        UpgradersTest.checkSame(
            UpgradersTest.model(
                9, node, Protos.longs("indices", 2, 0), Protos.floats("u", List.of(2L), 7, 8)),
            3);
    assertThat(graph.nodes()).extracting(Node::op).containsExactly("ScatterElements");
  }
}
