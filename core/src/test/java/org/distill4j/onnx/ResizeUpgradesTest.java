package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
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

/** Upsample and Resize of older opsets beside what the upgraders make of them. */
class ResizeUpgradesTest {
  private static Graph checkSame(ModelProto.Builder model) throws Exception {
    float[] values = new float[60];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * i % 17;
    }
    HostTensor x = HostTensor.ofFloats(Shape.of(1, 1, 6, 10), values);
    byte[] original = model.build().toByteArray();
    Graph graph = OnnxReader.read(original, "original");
    List<HostTensor> upgraded = Ort.run(OnnxWriter.toBytes(graph), Map.of("x", x));
    assertThat(ConformanceCase.difference(upgraded, Ort.run(original, Map.of("x", x)))).isEmpty();
    return graph;
  }

  private static ModelProto.Builder withScales(
      int opset, NodeProto.Builder node, float high, float wide) {
    ModelProto.Builder model = Protos.unary(opset, node.addInput("scales"));
    model
        .getGraphBuilder()
        .setInput(0, Protos.value("x", DType.FLOAT32, 1, 1, 6, 10))
        .addInitializer(Protos.floats("scales", List.of(4L), 1, 1, high, wide));
    return model;
  }

  @ParameterizedTest
  @CsvSource({"nearest,2,2", "nearest,1.5,2.7", "linear,2,2", "linear,1.5,2.7"})
  void upgrade_upsample_isAResize(String mode, float high, float wide) throws Exception {
    NodeProto.Builder seven =
        Protos.node(
            "Upsample", Protos.attribute("mode", mode), Protos.floats("scales", 1, 1, high, wide));
    ModelProto.Builder model = Protos.unary(7, seven);
    model.getGraphBuilder().setInput(0, Protos.value("x", DType.FLOAT32, 1, 1, 6, 10));
    assertThat(checkSame(model).nodes()).extracting(Node::op).containsExactly("Resize");

    NodeProto.Builder nine = Protos.node("Upsample", Protos.attribute("mode", mode));
    Graph graph = checkSame(withScales(9, nine, high, wide));
    assertThat(graph.nodes()).extracting(Node::op).containsExactly("Resize");
  }

  @ParameterizedTest
  @CsvSource({"nearest,2,3", "nearest,.6,.6", "nearest,.5,1", "linear,2,2", "linear,.6,.6"})
  void upgrade_resizeOfOpset10_isAsymmetric(String mode, float high, float wide) throws Exception {
    NodeProto.Builder node = Protos.node("Resize", Protos.attribute("mode", mode));
    Graph graph = checkSame(withScales(10, node, high, wide));
    assertThat(graph.nodes()).extracting(Node::op).containsExactly("Resize");
  }

  @Test
  void upgrade_resizeUpAndDownAtOnce_isTwoResizes() throws Exception {
    Graph graph = checkSame(withScales(10, Protos.node("Resize"), 1.5f, .6f));
    assertThat(graph.nodes().stream().filter(n -> n.op().equals("Resize"))).hasSize(2);
  }

  @Test
  void upgrade_resizeByComputedScales_isTwoResizes() throws Exception {
    ModelProto.Builder model = withScales(10, Protos.node("Resize"), 1.5f, .6f);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.getNodeBuilder(0).setInput(1, "computed");
    graph.addNode(0, Protos.node("Abs", List.of("scales"), List.of("computed")));
    checkSame(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"floor", "round_prefer_floor"})
  void upgrade_halfPixelForNearest_isHalfPixel(String rounding) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "Resize",
            Protos.attribute("coordinate_transformation_mode", "tf_half_pixel_for_nn"),
            Protos.attribute("nearest_mode", rounding));
    node.addInput("roi");
    for (float scale : new float[] {2, 3, .5f, .7f}) {
      ModelProto.Builder model = withScales(11, node.clone(), scale, 1.3f);
      model.getGraphBuilder().addInitializer(Protos.floats("roi", List.of(0L)));
      checkSame(model);
    }
  }

  @Test
  void upgrade_emptyScalesBesideSizes_areOmitted() throws Exception {
    NodeProto.Builder node = Protos.node("Resize");
    node.addInput("roi").addInput("scales").addInput("sizes");
    ModelProto.Builder model = Protos.unary(11, node);
    model
        .getGraphBuilder()
        .addInitializer(Protos.floats("roi", List.of(0L)))
        .addInitializer(Protos.floats("scales", List.of(0L)))
        .addInitializer(Protos.longs("sizes", 1, 1, 9, 7));
    Graph graph = checkSame(model);
    assertThat(graph.nodes().get(0).inputs()).containsExactly("x", "", "", "sizes");
    assertThat(graph.initializers()).containsOnlyKeys("sizes");
  }
}
