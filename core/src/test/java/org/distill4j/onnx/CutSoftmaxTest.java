package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutSoftmaxTest {
  /** y = softmax(-x) along an axis; x [n, 3]. */
  private static ModelProto.Builder model(int opset, String op, long axis) {
    ModelProto.Builder model = Protos.model(opset);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.addInput(Protos.value("x", DType.FLOAT32, -1, 3));
    graph.addOutput(Protos.value("y", DType.FLOAT32, -1, 3));
    graph.addNode(Protos.node("Neg", List.of("x"), List.of("logits")));
    graph.addNode(
        Protos.node(op, List.of("logits"), List.of("y"))
            .addAttribute(Protos.attribute("axis", axis)));
    return model;
  }

  private static Graph read(ModelProto.Builder model) {
    return OnnxReader.read(model.build().toByteArray(), "m.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax"})
  void apply_modelThatEndsInSoftmax_givesLogits(String op) throws Exception {
    Graph cut = CutSoftmax.apply(read(model(13, op, 1)));
    assertThat(cut.nodes()).extracting(Node::op).containsExactly("Neg");
    assertThat(cut.onlyOutput().name()).isEqualTo("logits");
    assertThat(cut.onlyOutput().shape().rank()).isEqualTo(2);
    HostTensor x = HostTensor.ofFloats(Shape.of(1, 3), 1, -2, 3);
    assertThat(Ort.run(OnnxWriter.toBytes(cut), Map.of("x", x)))
        .containsExactly(HostTensor.ofFloats(Shape.of(1, 3), -1, 2, -3));
  }

  @Test
  void apply_softmaxOverLastAxisByDefault_isCut() {
    ModelProto.Builder model = model(13, "Softmax", -1);
    assertThat(CutSoftmax.apply(read(model)).nodes()).hasSize(1);
  }

  @Test
  void apply_softmaxBeforeAReshape_keepsTheReshapeAndTheName() {
    ModelProto.Builder model = model(13, "Softmax", 1);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.getNodeBuilder(1).setOutput(0, "p");
    graph.addNode(Protos.node("Flatten", List.of("p"), List.of("y")));
    Graph cut = CutSoftmax.apply(read(model));
    assertThat(cut.nodes()).extracting(Node::op).containsExactly("Neg", "Flatten");
    assertThat(cut.onlyOutput().name()).isEqualTo("y");
  }

  @Test
  void apply_modelThatEndsInLogits_isTheSameGraph() {
    Graph logits = CutSoftmax.apply(read(model(13, "Softmax", 1)));
    assertThat(CutSoftmax.apply(logits)).isSameAs(logits);
  }

  @Test
  void apply_softmaxOverTheBatch_isTheSameGraph() {
    for (long axis : new long[] {0, -2}) {
      Graph graph = read(model(13, "Softmax", axis));
      assertThat(CutSoftmax.apply(graph)).isSameAs(graph);
    }
  }

  @Test
  void apply_probabilitiesUsedElsewhere_isTheSameGraph() {
    ModelProto.Builder model = model(13, "Softmax", 1);
    model
        .getGraphBuilder()
        .addNode(Protos.node("Abs", List.of("y"), List.of("z")))
        .setOutput(0, Protos.value("y", DType.FLOAT32, -1, 3));
    Graph graph = read(model);
    assertThat(CutSoftmax.apply(graph)).isSameAs(graph);
  }

  @Test
  void apply_severalOutputs_isTheSameGraph() {
    ModelProto.Builder model = model(13, "Softmax", 1);
    model.getGraphBuilder().addOutput(Protos.value("logits", DType.FLOAT32));
    Graph graph = read(model);
    assertThat(CutSoftmax.apply(graph)).isSameAs(graph);
  }
}
