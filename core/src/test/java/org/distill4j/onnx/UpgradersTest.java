package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes of older opsets, that ONNX Runtime runs as they are, beside what the upgraders make of
 * them.
 */
class UpgradersTest {
  /** Runs a model of x as it is and upgraded, compares the bytes, and hands the graph on. */
  static Graph checkSame(ModelProto.Builder model, long... shape) throws Exception {
    return checkSame(model, noise(shape));
  }

  static Graph checkSame(ModelProto.Builder model, HostTensor x) throws Exception {
    byte[] original = model.build().toByteArray();
    Graph graph = OnnxReader.read(original, "original");
    List<HostTensor> upgraded = Ort.run(OnnxWriter.toBytes(graph), Map.of("x", x));
    assertThat(ConformanceCase.difference(upgraded, Ort.run(original, Map.of("x", x)))).isEmpty();
    return graph;
  }

  private static HostTensor noise(long... shape) {
    Shape s = Shape.of(shape);
    float[] values = new float[Math.toIntExact(s.elements())];
    Random random = new Random(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 * random.nextFloat() - 5;
    }
    return HostTensor.ofFloats(s, values);
  }

  private static List<String> ops(Graph graph) {
    return graph.nodes().stream().map(Node::op).toList();
  }

  /** A model of one node with x and constants as inputs. */
  static ModelProto.Builder model(
      int opset, NodeProto.Builder node, TensorProto.Builder... constants) {
    ModelProto.Builder model = Protos.unary(opset, node);
    for (TensorProto.Builder constant : constants) {
      node.addInput(constant.getName());
      model.getGraphBuilder().addInitializer(constant);
    }
    model.getGraphBuilder().setNode(0, node);
    return model;
  }

  @Test
  void upgrade_everythingOfOpset7_givesTheSame() throws Exception {
    Graph graph = checkSame(Oldest.model().toBuilder(), 2, 2, 4, 4);
    assertThat(ops(graph)).contains("Resize", "ReduceMean").doesNotContain("Upsample");
  }

  @ParameterizedTest
  @CsvSource({
    "Softmax,0",
    "Softmax,1",
    "Softmax,2",
    "Softmax,-1",
    "Softmax,-2",
    "LogSoftmax,1",
    "Hardmax,1"
  })
  void upgrade_softmaxOfOpset11_normalisesWholeRows(String op, long axis) throws Exception {
    NodeProto.Builder node = Protos.node(op, Protos.attribute("axis", axis));
    Graph graph = checkSame(Protos.unary(11, node), 2, 3, 4);
    assertThat(ops(graph)).contains(op);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 11, 12})
  void upgrade_softmaxOverTheLastOrOnlyAxis_staysOneNode(int opset) throws Exception {
    ModelProto.Builder model = Protos.unary(opset, Protos.node("Softmax"));
    model.getGraphBuilder().setInput(0, Protos.value("x", DType.FLOAT32, -1, 5));
    assertThat(ops(checkSame(model, 3, 5))).containsExactly("Softmax");

    model.getGraphBuilder().setInput(0, Protos.value("x", DType.FLOAT32, -1, 5, 1, 1));
    Graph graph = checkSame(model, 3, 5, 1, 1);
    assertThat(ops(graph)).containsExactly("Softmax");
    assertThat(graph.nodes().get(0).intAttribute("axis", 9)).isEqualTo(1);
  }

  @Test
  void upgrade_softmaxOfAnInnerValue_usesTheInferredShape() throws Exception {
    ModelProto.Builder model = Protos.model(11);
    GraphProto.Builder graph = model.getGraphBuilder();
    graph
        .addInput(Protos.value("x", DType.FLOAT32, -1, 4, 6))
        .addOutput(Protos.value("y", DType.FLOAT32));
    graph.addNode(Protos.node("Neg", List.of("x"), List.of("n")));
    graph.addNode(
        Protos.node("Softmax", List.of("n"), List.of("s"))
            .addAttribute(Protos.attribute("axis", 2)));
    graph.addNode(Protos.node("Abs", List.of("s"), List.of("y")));
    assertThat(ops(checkSame(model, 2, 4, 6))).containsExactly("Neg", "Softmax", "Abs");
  }

  @ParameterizedTest
  @CsvSource({"7,-1.5,2", "9,-1.5,2", "10,0,6"})
  void upgrade_clip_hasBoundsAsInputs(int opset, float min, float max) throws Exception {
    NodeProto.Builder node =
        Protos.node("Clip", Protos.attribute("min", min), Protos.attribute("max", max));
    Graph graph = checkSame(Protos.unary(opset, node), 3, 4);
    assertThat(graph.initializers().values())
        .containsExactly(HostTensor.scalar(min), HostTensor.scalar(max));
  }

  @Test
  void upgrade_clipWithOneBound_leavesTheOtherOut() throws Exception {
    Graph graph =
        checkSame(Protos.unary(10, Protos.node("Clip", Protos.attribute("max", 1f))), 3, 4);
    assertThat(graph.nodes().get(0).inputs()).hasSize(3).contains("");
    assertThat(ops(checkSame(Protos.unary(10, Protos.node("Clip")), 3, 4))).containsExactly("Clip");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void upgrade_clipOfDoubles_hasBoundsOfThatType(boolean isRankKnown) throws Exception {
    ModelProto.Builder model = Protos.model(9);
    GraphProto.Builder proto = model.getGraphBuilder();
    proto.addInput(
        isRankKnown ? Protos.value("x", DType.FLOAT32, -1) : Protos.value("x", DType.FLOAT32));
    proto.addOutput(Protos.value("y", DType.FLOAT64));
    proto.addNode(
        Protos.node("Cast", List.of("x"), List.of("d")).addAttribute(Protos.attribute("to", 11)));
    proto.addNode(
        Protos.node("Abs", List.of("d"), List.of("a"))); // so that the output does not tell
    proto.addNode(
        Protos.node("Clip", List.of("a"), List.of("c"))
            .addAttribute(Protos.attribute("max", 2.5f)));
    proto.addNode(Protos.node("Neg", List.of("c"), List.of("y")));
    Graph graph = OnnxReader.read(model.build().toByteArray(), "m.onnx");
    assertThat(ops(graph).contains("CastLike")).isEqualTo(!isRankKnown);
    HostTensor x = HostTensor.ofFloats(Shape.of(3), 1, 2, 3);
    assertThat(Ort.run(OnnxWriter.toBytes(graph), Map.of("x", x)))
        .containsExactly(HostTensor.ofDoubles(Shape.of(3), -1, -2, -2.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "reflect", "edge"})
  void upgrade_pad_hasPadsAsInput(String mode) throws Exception {
    NodeProto.Builder node =
        Protos.node(
            "Pad",
            Protos.ints("pads", 0, 1, 2, 0),
            Protos.attribute("value", 1.5f),
            Protos.attribute("mode", mode));
    checkSame(Protos.unary(10, node), 3, 4);
  }

  @Test
  void upgrade_sliceWithAndWithoutAxes_hasBoundsAsInputs() throws Exception {
    checkSame(
        Protos.unary(
            9,
            Protos.node(
                "Slice",
                Protos.ints("starts", 1, -3),
                Protos.ints("ends", 1000, -1),
                Protos.ints("axes", 0, 2))),
        3,
        4,
        5);
    checkSame(
        Protos.unary(
            9, Protos.node("Slice", Protos.ints("starts", 1, 0), Protos.ints("ends", 3, 2))),
        3,
        4,
        5);
  }

  @Test
  void upgrade_topK_hasKAsInput() throws Exception {
    for (int opset : new int[] {7, 9}) {
      NodeProto.Builder node =
          Protos.node("TopK", Protos.attribute("k", 2), Protos.attribute("axis", 0)).addOutput("i");
      checkSame(Protos.unary(opset, node), 4, 3);
    }
    checkSame(model(10, Protos.node("TopK").addOutput("i"), Protos.longs("k", 2)), 4, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 10, 11})
  void upgrade_dropout_passesItsInput(int opset) throws Exception {
    NodeProto.Builder node = Protos.node("Dropout", Protos.attribute("ratio", .3f)).addOutput("m");
    Graph graph = checkSame(Protos.unary(opset, node), 3, 4);
    Node dropout = graph.nodes().get(0);
    assertThat(graph.initializers().get(dropout.input(1))).isEqualTo(HostTensor.scalar(.3f));
    assertThat(dropout.hasInput(2)).isFalse();
  }

  @Test
  void upgrade_maskOfOldDropoutThatIsUsed_isRefused() {
    ModelProto.Builder model = Protos.unary(9, Protos.node("Dropout").addOutput("m"));
    model.getGraphBuilder().addOutput(Protos.value("m", DType.FLOAT32));
    assertThat(catchThrowable(() -> OnnxReader.read(model.build().toByteArray(), "m.onnx")))
        .hasMessageStartingWith("m.onnx: Dropout 'y': its mask 'm' is used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Squeeze", "Unsqueeze", "ReduceSum", "ReduceMean", "ReduceL2", "ReduceMax"})
  void upgrade_axes_becomeAnInput(String op) throws Exception {
    NodeProto.Builder node = Protos.node(op, Protos.ints("axes", 1));
    Graph graph = checkSame(Protos.unary(11, node), 3, 1, 4);
    assertThat(graph.nodes().get(0).attributes()).isEmpty();
    assertThat(graph.initializers().get(graph.nodes().get(0).input(1)))
        .isEqualTo(HostTensor.ofLongs(Shape.of(1), 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Squeeze", "ReduceSum", "ReduceLogSumExp", "ReduceSumSquare"})
  void upgrade_noAxes_staysAllAxes(String op) throws Exception {
    checkSame(Protos.unary(12, Protos.node(op)), 3, 1, 4);
  }

  @Test
  void upgrade_split_hasSizesAsInputOrACount() throws Exception {
    for (int opset : new int[] {11, 13}) {
      NodeProto.Builder node = Protos.node("Split", Protos.attribute("axis", 1)).addOutput("z");
      ModelProto.Builder model = Protos.unary(opset, node);
      model.getGraphBuilder().addOutput(Protos.value("z", DType.FLOAT32));
      Graph graph = checkSame(model, 3, 4);
      assertThat(graph.nodes().get(0).intAttribute("num_outputs", 0)).isEqualTo(2);
    }
    NodeProto.Builder node =
        Protos.node("Split", Protos.attribute("axis", 1), Protos.ints("split", 1, 3))
            .addOutput("z");
    checkSame(Protos.unary(11, node), 3, 4);
  }
}
