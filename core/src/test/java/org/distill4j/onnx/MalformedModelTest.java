package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be used, each refused in one line that names the file and the thing. */
class MalformedModelTest {
  @TempDir Path folder;

  private static String fault(byte[] file) {
    InputFault fault =
        catchThrowableOfType(InputFault.class, () -> OnnxReader.read(file, "m.onnx"));
    assertThat(fault).isNotNull();
    assertThat(fault.lines()).hasSize(1);
    assertThat(fault.getMessage()).startsWith("m.onnx: ").doesNotContain("\n");
    return fault.getMessage().substring("m.onnx: ".length());
  }

  /** The fault of a model y = Relu(x) with something changed. */
  private static String fault(Consumer<ModelProto.Builder> change) {
    ModelProto.Builder model = Protos.unary(13, Protos.node("Relu"));
    change.accept(model);
    return fault(model.build().toByteArray());
  }

  private static String graphFault(Consumer<GraphProto.Builder> change) {
    return fault(model -> change.accept(model.getGraphBuilder()));
  }

  private static String initializerFault(TensorProto.Builder tensor) {
    return graphFault(graph -> graph.addInitializer(tensor));
  }

  private static TensorProto.Builder tensor(DataType type, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName("w").setDataType(type.getNumber());
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  @Test
  void read_emptyFile_saysSo() {
    assertThat(fault(new byte[0])).isEqualTo("is empty (expected: an ONNX model)");
  }

  @Test
  void read_missingFile_namesIt() {
    Path missing = folder.resolve("no.onnx");
    assertThat(catchThrowableOfType(InputFault.class, () -> OnnxReader.read(missing)))
        .hasMessage(missing + ": cannot be read (expected: an ONNX model); check the path");
  }

  @Test
  void read_folder_isNoFile() {
    assertThat(catchThrowableOfType(InputFault.class, () -> OnnxReader.read(folder)))
        .hasMessage(folder + ": is empty or no file (expected: an ONNX model)");
  }

  @Test
  void read_text_isNoModel() {
    byte[] text = "{\"this is\": \"JSON\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(fault(text)).contains("expected: an ONNX model");
  }

  @Test
  void read_claimOfTwoGigabytes_isCutOff() {
    // field 7 (graph) of 2,147,483,647 bytes, of which none follow
    byte[] claim = {8, 7, 58, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
    assertThat(fault(claim)).startsWith("model: cut off or damaged at its byte");
  }

  @Test
  void read_negativeLength_isDamaged() {
    byte[] claim = {58, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThat(fault(claim)).startsWith("model: cut off or damaged at its byte");
  }

  @Test
  void read_noGraph_isNoModel() {
    byte[] model = ModelProto.newBuilder().setIrVersion(7).build().toByteArray();
    assertThat(fault(model)).isEqualTo("holds no graph (expected: an ONNX model)");
  }

  @Test
  void read_irVersionOfTheFuture_isRefused() {
    assertThat(fault(model -> model.setIrVersion(15)))
        .isEqualTo("IR version 15 (expected: 3 to 14); export the model with opset 7 to 25");
  }

  @Test
  void read_opsetTooOldOrTooNew_isRefused() {
    assertThat(fault(model -> model.getOpsetImportBuilder(0).setVersion(6)))
        .isEqualTo("opset 6 (expected: 7 to 25); export the model again with such an opset");
    assertThat(fault(model -> model.getOpsetImportBuilder(0).setVersion(26)))
        .startsWith("opset 26 (expected: 7 to 25)");
  }

  @Test
  void read_noOpsetImport_namesANode() {
    assertThat(fault(ModelProto.Builder::clearOpsetImport))
        .isEqualTo(
            "Relu 'y': the model imports no opset of domain '' (expected: an opset import for each"
                + " domain)");
  }

  @Test
  void read_twoOpsetsOfOneDomain_contradict() {
    assertThat(fault(model -> model.addOpsetImportBuilder().setDomain("ai.onnx").setVersion(9)))
        .isEqualTo("opset import '': 13 and 9 (expected: one version)");
  }

  @Test
  void read_functions_areRefused() {
    assertThat(fault(model -> model.addFunctionsBuilder().setName("f")))
        .startsWith("defines functions of its own");
  }

  @Test
  void read_unknownOperatorBelow21_isRefused() {
    assertThat(graphFault(graph -> graph.getNodeBuilder(0).setOpType("Rellu")))
        .startsWith("Rellu 'y': unknown operator in opset 13 (expected: one of ONNX's own)");
  }

  @Test
  void read_operatorYoungerThanTheOpset_isRefused() {
    assertThat(graphFault(graph -> graph.getNodeBuilder(0).setOpType("Gelu")))
        .startsWith("Gelu 'y': is not in opset 13 (expected: 20 or more)");
    assertThat(graphFault(graph -> graph.getNodeBuilder(0).setOpType("Upsample")))
        .startsWith("Upsample 'y': is not in opset 13 (expected: 1 to 9)");
  }

  @Test
  void read_subgraph_namesTheOperator() {
    AttributeProto body =
        AttributeProto.newBuilder()
            .setName("then_branch")
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(GraphProto.getDefaultInstance())
            .build();
    assertThat(graphFault(graph -> graph.addNode(Protos.node("If", body))))
        .startsWith("If 'y': holds a subgraph in attribute 'then_branch'");
  }

  @Test
  void read_danglingInput_namesNodeAndValue() {
    assertThat(graphFault(graph -> graph.getNodeBuilder(0).setInput(0, "z")))
        .startsWith("Relu 'y': input 'z' comes from nowhere");
  }

  @Test
  void read_danglingOutput_isNamed() {
    assertThat(graphFault(graph -> graph.addOutput(Protos.value("z", DType.FLOAT32))))
        .startsWith("output 'z': comes from nowhere");
  }

  @Test
  void read_noOutputs_isRefused() {
    assertThat(graphFault(GraphProto.Builder::clearOutput))
        .isEqualTo("has no outputs (expected: at least one)");
  }

  @Test
  void read_cycle_namesBothNodes() {
    String fault =
        graphFault(
            graph ->
                graph
                    .addNode(Protos.node("Add", List.of("x", "b"), List.of("a")).setName("first"))
                    .addNode(Protos.node("Neg", List.of("a"), List.of("b")).setName("second")));
    assertThat(fault)
        .isEqualTo(
            "Neg 'second': waits for Add 'first', which waits for it (expected: a graph without"
                + " cycles)");
  }

  @Test
  void read_nodeThatFeedsItself_isACycle() {
    assertThat(graphFault(graph -> graph.addNode(Protos.node("Neg", List.of("a"), List.of("a")))))
        .contains("expected: a graph without cycles");
  }

  @Test
  void read_duplicateNames_areRefused() {
    assertThat(graphFault(graph -> graph.addNode(Protos.node("Neg"))))
        .isEqualTo(
            "Neg 'y_1': makes 'y', which is made by Relu 'y' (expected: every value is made once)");
    assertThat(graphFault(graph -> graph.addInput(Protos.value("x", DType.FLOAT32))))
        .isEqualTo("input 'x': is there twice (expected: unique names)");
    assertThat(graphFault(graph -> graph.addOutput(Protos.value("y", DType.FLOAT32))))
        .isEqualTo("output 'y': is there twice (expected: unique names)");
    assertThat(
            graphFault(
                graph ->
                    graph
                        .addInitializer(Protos.longs("w", 1))
                        .addInitializer(Protos.longs("w", 1))))
        .isEqualTo("initializer 'w': is there twice (expected: unique names)");
    assertThat(graphFault(graph -> graph.addInitializer(Protos.longs("y", 1))))
        .contains("makes 'y', which is made by an input or initializer");
  }

  @Test
  void read_initializerAgainstItsInput_isAContradiction() {
    assertThat(
            graphFault(
                graph ->
                    graph
                        .addInput(Protos.value("w", DType.FLOAT32, 2, 3))
                        .addInitializer(Protos.longs("w", 1, 2))))
        .isEqualTo(
            "input 'w': declared as FLOAT32 [2, 3] (expected: INT64 [2] like the initializer of"
                + " that name)");
  }

  @Test
  void read_wrongAttributeKind_isRefused() {
    assertThat(
            fault(
                Protos.unary(13, Protos.node("Softmax", Protos.attribute("axis", 1f)))
                    .build()
                    .toByteArray()))
        .isEqualTo("Softmax 'y' attribute 'axis': is of kind real (expected: int)");
  }

  @Test
  void read_attributeAgainstItsDeclaredType_isRefused() {
    AttributeProto axis =
        Protos.attribute("axis", 1).toBuilder().setType(AttributeProto.AttributeType.INTS).build();
    assertThat(fault(Protos.unary(13, Protos.node("Softmax", axis)).build().toByteArray()))
        .isEqualTo("Softmax 'y' attribute 'axis': holds INT (expected: its declared type 7)");
  }

  @Test
  void read_unknownOrMissingAttribute_isRefused() {
    assertThat(
            fault(
                Protos.unary(13, Protos.node("Relu", Protos.attribute("slope", 1f)))
                    .build()
                    .toByteArray()))
        .startsWith("Relu 'y' attribute 'slope': is unknown");
    assertThat(fault(Protos.unary(13, Protos.node("Concat")).build().toByteArray()))
        .isEqualTo("Concat 'y' attribute 'axis': is missing (expected: int)");
  }

  @Test
  void read_tooFewInputs_isRefused() {
    assertThat(fault(Protos.unary(13, Protos.node("Add")).build().toByteArray()))
        .startsWith("Add 'y': 1 of its 1 inputs are given (expected: 2)");
  }

  @Test
  void read_textTensors_areRefused() {
    assertThat(initializerFault(tensor(DataType.STRING, 1)))
        .startsWith("initializer 'w': element type STRING (expected: float32,");
    assertThat(initializerFault(tensor(DataType.INT4, 1)))
        .startsWith("initializer 'w': element type INT4 (expected: float32,");
  }

  @Test
  void read_negativeExtent_isRefused() {
    assertThat(initializerFault(tensor(DataType.FLOAT, 2, -3)))
        .isEqualTo("initializer 'w': has an extent of -3 (expected: >= 0)");
  }

  @Test
  void read_absurdShape_isRefusedBeforeAllocating() {
    assertThat(initializerFault(tensor(DataType.FLOAT, 1L << 40, 1L << 40)))
        .contains("has too many elements");
    assertThat(initializerFault(tensor(DataType.FLOAT, 0, 1L << 62, 1L << 62)))
        .contains("has too many elements");
    assertThat(initializerFault(tensor(DataType.FLOAT, 1 << 20, 1 << 20)))
        .isEqualTo(
            "initializer 'w': has 0 bytes (expected: 4398046511104 for [1048576, 1048576] of"
                + " FLOAT32); the file is cut off or damaged");
  }

  @Test
  void read_dataThatDoesNotFillTheShape_isRefused() {
    assertThat(
            initializerFault(
                tensor(DataType.FLOAT, 3).setRawData(ByteString.copyFrom(new byte[8]))))
        .startsWith("initializer 'w': has 8 bytes (expected: 12 for [3] of FLOAT32)");
    assertThat(initializerFault(tensor(DataType.FLOAT, 3).addFloatData(1)))
        .startsWith("initializer 'w': has 4 bytes (expected: 12 for [3] of FLOAT32)");
    assertThat(initializerFault(tensor(DataType.FLOAT, 1).addInt64Data(1)))
        .startsWith("initializer 'w': has data in a field that is not for FLOAT32");
    assertThat(initializerFault(tensor(DataType.INT8, 1).addInt32Data(300)))
        .isEqualTo("initializer 'w': holds 300 (expected: what INT8 can hold)");
  }

  @Test
  void read_absurdInputShape_isRefused() {
    assertThat(
            graphFault(
                graph ->
                    graph
                        .getInputBuilder(0)
                        .getTypeBuilder()
                        .getTensorTypeBuilder()
                        .getShapeBuilder()
                        .addDimBuilder()
                        .setDimValue(-4)))
        .startsWith("input 'x': has an extent of -4 (expected: >= 0");
    assertThat(
            graphFault(
                graph -> graph.setInput(0, Protos.value("x", DType.FLOAT32, 1L << 40, 1L << 40))))
        .startsWith("input 'x': shape [1099511627776, 1099511627776] has too many elements");
  }

  @Test
  void read_shapesThatContradict_areRefused() {
    assertThat(
            graphFault(
                graph ->
                    graph
                        .setInput(0, Protos.value("x", DType.FLOAT32, 2, 3))
                        .setOutput(0, Protos.value("y", DType.FLOAT32, 2, 4))))
        .isEqualTo(
            "output 'y': declared as FLOAT32 [2, 4] (expected: FLOAT32 [2, 3], which its nodes"
                + " make)");
    assertThat(
            graphFault(
                graph ->
                    graph
                        .setInput(0, Protos.value("x", DType.FLOAT32, 2, 3))
                        .addNode(Protos.node("Neg", List.of("x"), List.of("n")))
                        .addValueInfo(Protos.value("n", DType.FLOAT32, 7))))
        .startsWith("value 'n': declared as FLOAT32 [7] (expected: FLOAT32 [2, 3]");
  }
}
