package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * A classic model: an ONNX file of trees, neighbours, supports or a linear model as scikit-learn's
 * converter writes it, with operators of the domain {@code ai.onnx.ml}. It is no graph of layers,
 * but ONNX Runtime runs it.
 *
 * <p>Of its outputs the one with a number for each class is taken, also where a ZipMap makes
 * dictionaries of it; the label it gives beside is left out. Its input and output are cast from and
 * to float32 where they are others.
 *
 * @param model the same model with that input and that output alone, as a file's bytes
 * @param input rows of numbers
 * @param output a number for each class, or what a regression gives
 * @param classes the names of the outputs, if the model knows them
 */
public record ClassicModel(
    ByteString model, Value input, Value output, Optional<List<String>> classes) {
  private static final String DOMAIN = "ai.onnx.ml";
  private static final String CAST = "distill4j/cast-";
  private static final String WAY_OUT =
      "; export it from one array of numbers, with its probabilities";

  /** Whether a path is such a file; nothing of it is read where no such domain is imported. */
  public static boolean is(Path path) {
    try {
      if (!path.toString().endsWith(".onnx") || Files.size(path) > Integer.MAX_VALUE) {
        return false;
      }
      return importsDomain(path) && nodes(parsed(path)).anyMatch(n -> n.getDomain().equals(DOMAIN));
    } catch (IOException | InputFault e) {
      return false; // whoever reads it says what is wrong
    }
  }

  private static Stream<NodeProto> nodes(ModelProto model) {
    return model.getGraph().getNodeList().stream();
  }

  private static boolean importsDomain(Path path) throws IOException {
    long size = Files.size(path);
    if (size == 0) {
      return false;
    }
    ModelSource source = new ModelSource(path.toString(), Optional.empty());
    ByteString bytes =
        UnsafeByteOperations.unsafeWrap(MappedFile.stretch(path, 0, Math.toIntExact(size)));
    ProtobufFields fields = new ProtobufFields(bytes, "model", source);
    while (fields.next()) {
      if (fields.number() == ModelProto.OPSET_IMPORT_FIELD_NUMBER && fields.isBytes()) {
        ProtobufFields domain = new ProtobufFields(fields.bytes(), "opset import", source);
        while (domain.next()) {
          boolean isName = domain.number() == OperatorSetIdProto.DOMAIN_FIELD_NUMBER;
          if (isName && domain.text().equals(DOMAIN)) {
            return true;
          } else if (!isName) {
            domain.skip();
          }
        }
      } else {
        fields.skip();
      }
    }
    return false;
  }

  /** Whether the operator that its output comes from says that it ends in a softmax. */
  public boolean endsInSoftmax() {
    String made = output.name();
    List<NodeProto> nodes = parsed(output.name(), model).getGraph().getNodeList();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeProto node = nodes.get(i);
      if (node.getOutputList().contains(made)) {
        if (!node.getOpType().equals("Cast") && !node.getOpType().equals("Identity")) {
          return node.getAttributeList().stream()
              .anyMatch(
                  a ->
                      a.getName().equals("post_transform")
                          && a.getS().toStringUtf8().equals("SOFTMAX"));
        }
        made = node.getInput(0);
      }
    }
    return false;
  }

  private static ModelProto parsed(String name, ByteString bytes) {
    try {
      return ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new InputFault(name + ": is damaged (expected: an ONNX model); fetch it again", e);
    }
  }

  private static ModelProto parsed(Path path) {
    try {
      return ModelProto.parseFrom(Files.readAllBytes(path));
    } catch (InvalidProtocolBufferException e) {
      throw new InputFault(path + ": is damaged (expected: an ONNX model); fetch it again", e);
    } catch (IOException e) {
      throw new InputFault(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws InputFault if it has several inputs, or none or several outputs with a number for each
   *     class
   */
  public static ClassicModel read(Path path) {
    ModelProto model = parsed(path);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    ValueInfoProto input = input(path, graph);
    ValueInfoProto output = output(path, graph);
    Optional<List<String>> classes = new ClassLabels(graph).of(output.getName());
    Optional<NodeProto> zipped =
        graph.getNodeList().stream()
            .filter(
                n -> n.getOpType().equals("ZipMap") && n.getOutputList().contains(output.getName()))
            .findFirst();
    String scores = zipped.map(n -> n.getInput(0)).orElse(output.getName());
    int type = output.getType().getTensorType().getElemType();
    List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
    zipped.ifPresent(nodes::remove);
    String given = scores;
    if (zipped.isPresent() || type != TensorProto.DataType.FLOAT_VALUE) {
      given = CAST + "output";
      nodes.add(cast(scores, given, TensorProto.DataType.FLOAT_VALUE));
    }
    if (PairScores.areReversed(path, graph, output.getName(), classes.map(List::size).orElse(2))) {
      String reversed = "distill4j/reversed";
      nodes.add(node("Neg", given, reversed).build());
      given = reversed;
    }
    int taken = input.getType().getTensorType().getElemType();
    String fed = input.getName();
    if (taken != TensorProto.DataType.FLOAT_VALUE) {
      fed = CAST + "input";
      nodes.add(0, cast(fed, input.getName(), taken));
    }
    Shape rows = shape(input);
    Shape answers =
        zipped.isPresent() || shape(output).rank() != 2
            ? Shape.of(List.of(rows.dim(0), classes.map(c -> Dim.of(c.size())).orElse(Dim.UNKNOWN)))
            : shape(output);
    graph.clearNode().addAllNode(nodes).clearOutput().clearInput();
    graph.addInput(value(fed, rows)).addOutput(value(given, answers));
    return new ClassicModel(
        model.toBuilder().setGraph(graph).build().toByteString(),
        new Value(fed, DType.FLOAT32, rows),
        new Value(given, DType.FLOAT32, answers),
        classes);
  }

  private static ValueInfoProto input(Path path, GraphProto.Builder graph) {
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(t -> constants.add(t.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.contains(i.getName())).toList();
    boolean isOne =
        inputs.size() == 1 && isNumbers(inputs.get(0)) && shape(inputs.get(0)).rank() == 2;
    if (inputs.size() > 1) {
      throw new InputFault(
          "%s inputs: %s (expected: exactly one, [batch, numbers]); export the pipeline behind its ColumnTransformer, with initial_types=[('x', FloatTensorType([None, numbers]))], and give it a table of the numbers that come out there"
              .formatted(path, inputs.stream().map(ClassicModel::said).toList()));
    }
    if (!isOne) {
      throw new InputFault(
          "%s inputs: %s (expected: exactly one, [batch, numbers])%s"
              .formatted(path, inputs.stream().map(ValueInfoProto::getName).toList(), WAY_OUT));
    }
    return inputs.get(0);
  }

  /** An input as messages have it: {@code age FLOAT [batch, 1]}. */
  private static String said(ValueInfoProto input) {
    int type = input.getType().getTensorType().getElemType();
    return "%s %s %s"
        .formatted(input.getName(), TensorProto.DataType.forNumber(type), shape(input));
  }

  /** The output with a number for each class: probabilities where several could be meant. */
  private static ValueInfoProto output(Path path, GraphProto.Builder graph) {
    List<ValueInfoProto> scores =
        graph.getOutputList().stream().filter(ClassicModel::isScores).toList();
    List<ValueInfoProto> named =
        scores.stream().filter(o -> o.getName().toLowerCase(Locale.ROOT).contains("prob")).toList();
    List<ValueInfoProto> chosen = scores.size() > 1 ? named : scores;
    if (chosen.size() != 1) {
      throw new InputFault(
          "%s outputs: %s (expected: one with a number for each class)%s"
              .formatted(
                  path,
                  graph.getOutputList().stream().map(ValueInfoProto::getName).toList(),
                  WAY_OUT));
    }
    return chosen.get(0);
  }

  private static boolean isScores(ValueInfoProto output) {
    int type = output.getType().getTensorType().getElemType();
    return output.getType().hasSequenceType()
        || type == TensorProto.DataType.FLOAT_VALUE
        || type == TensorProto.DataType.DOUBLE_VALUE;
  }

  private static boolean isNumbers(ValueInfoProto input) {
    int type = input.getType().getTensorType().getElemType();
    return input.getType().hasTensorType()
        && (type == TensorProto.DataType.FLOAT_VALUE
            || type == TensorProto.DataType.DOUBLE_VALUE
            || type == TensorProto.DataType.INT64_VALUE);
  }

  private static Shape shape(ValueInfoProto value) {
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : value.getType().getTensorType().getShape().getDimList()) {
      dims.add(
          dim.hasDimValue() && dim.getDimValue() > 0 ? Dim.of(dim.getDimValue()) : Dim.UNKNOWN);
    }
    if (!dims.isEmpty()) {
      dims.set(0, Dim.of("batch"));
    }
    return Shape.of(dims);
  }

  private static ValueInfoProto value(String name, Shape shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < shape.rank(); axis++) {
      TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
      if (shape.dim(axis).isKnown()) {
        dim.setDimValue(shape.size(axis));
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(dims)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static NodeProto.Builder node(String op, String from, String to) {
    return NodeProto.newBuilder().setName(to).setOpType(op).addInput(from).addOutput(to);
  }

  private static NodeProto cast(String from, String to, int type) {
    return node("Cast", from, to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type))
        .build();
  }
}
