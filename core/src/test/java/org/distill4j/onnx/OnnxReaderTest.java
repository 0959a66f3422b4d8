package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxReaderTest {
  private static Graph read(ModelProto.Builder model) {
    return OnnxReader.read(model.build().toByteArray(), "m.onnx");
  }

  /** A graph with every kind of attribute, type and extent that there is. */
  private static Graph everything() {
    Map<String, HostTensor> initializers = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      initializers.put("w" + type, HostTensor.of(type, Shape.of(3, 0), ByteBuffer.allocate(0)));
    }
    initializers.put("scalar", HostTensor.scalar(1.5f));
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("int", Attribute.of(-7));
    attributes.put("real", Attribute.of(Float.NaN));
    attributes.put("text", Attribute.of("ä"));
    attributes.put("array", Attribute.of(HostTensor.ofLongs(Shape.of(2), 1, -2)));
    attributes.put("ints", Attribute.ofInts(1, Long.MIN_VALUE));
    attributes.put("none", Attribute.ofInts());
    attributes.put("reals", new Attribute.Reals(List.of(1f, -0f)));
    attributes.put("texts", Attribute.ofTexts("a", ""));
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.UNKNOWN, Dim.of(3)));
    return new Graph(
        "everything",
        List.of(new Value("x", DType.FLOAT32, shape), new Value("any", DType.INT8, Shape.UNRANKED)),
        List.of(new Value("y", DType.FLOAT32, shape)),
        List.of(
            new Node(
                "n",
                "org.example",
                "Odd",
                List.of("x", "", "scalar"),
                List.of("y", "", "z"),
                attributes)),
        initializers,
        Map.of("onnx.domain.org.example", "3", "note", "line\nbreak"));
  }

  @Test
  void read_whatWasWritten_isEqual() {
    Graph graph = everything();
    Graph again = OnnxReader.read(OnnxWriter.toBytes(graph), "again");
    assertThat(again).isEqualTo(graph);
    assertThat(OnnxWriter.toBytes(again)).isEqualTo(OnnxWriter.toBytes(graph));
  }

  @Test
  void read_anOutputWithoutAShape_hasTheOneThatItsNodesMake() {
    ModelProto.Builder model = Protos.unary(13, Protos.node("Flatten", List.of("x"), List.of("y")));
    model.getGraphBuilder().setInput(0, Protos.value("x", DType.FLOAT32, 2, 3, 5));
    Graph graph = OnnxReader.read(model.build().toByteArray(), "without");
    assertThat(graph.onlyOutput().shape()).isEqualTo(Shape.of(2, 15));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void read_typedFields_giveTheSameAsRawData(DType type) {
    // 1 in every type: as a float, as the bits of a half, or as an integer
    TensorProto.Builder typed =
        TensorProto.newBuilder().setName("w").setDataType(ElementType.code(type)).addDims(2);
    int bits = 1;
    switch (type) {
      case FLOAT32 -> typed.addFloatData(1).addFloatData(1);
      case FLOAT64 -> typed.addDoubleData(1).addDoubleData(1);
      case INT64 -> typed.addInt64Data(1).addInt64Data(1);
      case UINT32, UINT64 -> typed.addUint64Data(1).addUint64Data(1);
      case FLOAT16 -> bits = 0x3c00;
      case BFLOAT16 -> bits = 0x3f80;
      default -> bits = 1;
    }
    if (typed.getFloatDataCount()
            + typed.getDoubleDataCount()
            + typed.getInt64DataCount()
            + typed.getUint64DataCount()
        == 0) {
      typed.addInt32Data(bits).addInt32Data(bits);
    }
    ModelProto.Builder model = Protos.model(13);
    model.getGraphBuilder().addInitializer(typed).addOutput(Protos.value("w", type));
    HostTensor tensor = read(model).initializers().get("w");
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.toDoubles()).containsExactly(1, 1);
  }

  @Test
  void read_negativeInt8InATypedField_keepsItsSign() {
    ModelProto.Builder model = Protos.model(13);
    model
        .getGraphBuilder()
        .addOutput(Protos.value("w", DType.INT8))
        .addInitializerBuilder()
        .setName("w")
        .setDataType(ElementType.code(DType.INT8))
        .addDims(2)
        .addInt32Data(-128)
        .addInt32Data(127);
    assertThat(read(model).initializers().get("w").toLongs()).containsExactly(-128, 127);
  }

  @Test
  void read_initializerListedAsInput_isNoInput() {
    ModelProto.Builder model = Protos.unary(8, Protos.node("Add", List.of("x", "w"), List.of("y")));
    model
        .setIrVersion(3)
        .getGraphBuilder()
        .addInput(Protos.value("w", DType.FLOAT32, 1))
        .addInitializer(Protos.floats("w", List.of(1L), 2));
    Graph graph = read(model);
    assertThat(graph.inputs()).extracting(Value::name).containsExactly("x");
    assertThat(graph.initializers()).containsOnlyKeys("w");
  }

  @Test
  void read_constantNodes_becomeInitializers() {
    ModelProto.Builder model = Protos.model(13);
    GraphProto.Builder graph = model.getGraphBuilder();
    AttributeProto tensor =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(Protos.longs("", 4, 5))
            .build();
    add(graph, "tensor", tensor);
    add(graph, "float", Protos.attribute("value_float", 1.5f));
    add(graph, "floats", Protos.floats("value_floats", 1, 2));
    add(graph, "int", Protos.attribute("value_int", 3));
    add(graph, "ints", Protos.ints("value_ints", 6, 7));
    add(graph, "out", Protos.attribute("value_float", 2.5f));
    add(graph, "unused", Protos.attribute("value_int", 8));
    List<String> used = List.of("tensor", "float", "floats", "int", "ints");
    graph.addNode(Protos.node("Odd", used, List.of("odd")).setDomain("org.example"));
    model.addOpsetImportBuilder().setDomain("org.example").setVersion(1);
    graph.addOutput(Protos.value("out", DType.FLOAT32));
    Graph read = read(model);
    assertThat(read.initializers())
        .containsExactly(
            Map.entry("tensor", HostTensor.ofLongs(Shape.of(2), 4, 5)),
            Map.entry("float", HostTensor.scalar(1.5f)),
            Map.entry("floats", HostTensor.ofFloats(Shape.of(2), 1, 2)),
            Map.entry("int", HostTensor.ofLongs(Shape.SCALAR, 3)),
            Map.entry("ints", HostTensor.ofLongs(Shape.of(2), 6, 7)));
    assertThat(read.nodes())
        .hasSize(2)
        .contains(
            Node.of(
                "Constant",
                List.of(),
                List.of("out"),
                Map.of("value", Attribute.of(HostTensor.scalar(2.5f)))));
  }

  @Test
  void read_extentOfMinusOne_isUnknown() {
    ModelProto.Builder model = Protos.unary(13, Protos.node("Relu"));
    model
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .addDimBuilder()
        .setDimValue(-1);
    assertThat(read(model).onlyInput().shape()).isEqualTo(Shape.of(List.of(Dim.UNKNOWN)));
  }

  private static void add(GraphProto.Builder graph, String output, AttributeProto value) {
    graph.addNode(Protos.node("Constant", List.of(), List.of(output)).addAttribute(value));
  }

  @Test
  void read_nodesInAnyOrder_areSortedAndNamed() {
    ModelProto.Builder model =
        Protos.unary(13, Protos.node("Neg", List.of("b"), List.of("y")).setName("n"));
    model
        .getGraphBuilder()
        .addNode(Protos.node("Abs", List.of("a"), List.of("b")).setName("n"))
        .addNode(Protos.node("Relu", List.of("x"), List.of("a")));
    assertThat(read(model).nodes())
        .extracting(Node::toString)
        .containsExactly("Relu 'a'", "Abs 'n_1'", "Neg 'n'");
  }

  @Test
  void read_otherDomains_areKept() {
    ModelProto.Builder model =
        Protos.unary(11, Protos.node("FusedConv").setDomain("com.microsoft"));
    model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
    assertThat(read(model).nodes()).extracting(Node::domain).containsExactly("com.microsoft");
  }

  @Test
  void read_unknownOperatorAt21_isKept() {
    ModelProto.Builder model = Protos.unary(21, Protos.node("Swish")).setIrVersion(10);
    assertThat(read(model).nodes()).extracting(Node::op).containsExactly("Swish");
  }

  @Test
  void read_attributeWithoutTypeOrValue_isTakenAsMeant() {
    AttributeProto untyped = AttributeProto.newBuilder().setName("axis").setI(1).build();
    AttributeProto zero =
        AttributeProto.newBuilder()
            .setName("axis")
            .setType(AttributeProto.AttributeType.INT)
            .build();
    assertThat(
            read(Protos.unary(13, Protos.node("Softmax", untyped)))
                .nodes()
                .get(0)
                .intAttribute("axis", 9))
        .isEqualTo(1);
    assertThat(
            read(Protos.unary(13, Protos.node("Softmax", zero)))
                .nodes()
                .get(0)
                .intAttribute("axis", 9))
        .isZero();
  }

  @Test
  void read_nameThatIsNoUtf8_isRefusedInOneLine() {
    ModelProto.Builder model = Protos.unary(13, Protos.node("Relu"));
    byte[] bytes = model.build().toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 'R' ? (byte) 0xff : bytes[i];
    }
    assertThat(catchThrowable(() -> OnnxReader.read(bytes, "m.onnx")))
        .hasMessage("m.onnx: node: field 4 is no text in UTF-8");
  }
}
