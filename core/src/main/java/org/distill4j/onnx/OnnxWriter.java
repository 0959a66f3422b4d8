package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Writes a graph as an ONNX file, of opset {@link Graph#OPSET} unless an older one is asked for.
 *
 * <p>The same graph gives the same bytes: attributes and metadata stand in alphabetical order,
 * nodes and initializers in the graph's; arrays are raw little-endian bytes; nothing tells the time
 * or the machine.
 */
public final class OnnxWriter {
  /** The version of the file format that opset 21 goes with. */
  static final long IR_VERSION = 10;

  /** Arrays of fewer bytes stay in the model whatever the form. */
  private static final int SMALL = 1 << 10;

  /** From this version of the file format on initializers need not be inputs. */
  private static final long INITIALIZERS_BY_THEMSELVES = 4;

  /** Where each external array begins. */
  private static final int ALIGNMENT = 64;

  private static final int BUFFER = 1 << 16;

  private OnnxWriter() {}

  /**
   * The file's bytes.
   *
   * @throws RunFault if they are 2 GB or more, which no protobuf holds
   */
  public static byte[] toBytes(Graph graph) {
    return checked(graph).toByteArray();
  }

  /**
   * Writes the file whole or not at all; its failpoints are {@code model-written}, {@code
   * model-synced} and {@code model-renamed}.
   *
   * @throws RunFault if the disk refuses or the file would have 2 GB or more
   */
  public static void write(Graph graph, Path target) {
    ModelProto model = checked(graph);
    AtomicFile.write(
        target,
        "model",
        channel -> {
          CodedOutputStream out =
              CodedOutputStream.newInstance(Channels.newOutputStream(channel), BUFFER);
          model.writeTo(out);
          out.flush();
        });
  }

  /**
   * Writes the file in a form: an older opset, or arrays in {@code NAME.data} beside it. Each file
   * is written whole or not at all, the arrays first.
   *
   * @throws org.distill4j.fault.InputFault naming every node that an older opset cannot say
   * @throws RunFault if the disk refuses
   */
  public static void write(Graph graph, Path target, OnnxForm form) {
    Graph spelled = Downgrade.apply(graph, form.opset());
    Optional<Path> data =
        form.external()
            ? Optional.of(target.resolveSibling(target.getFileName() + ".data"))
            : Optional.empty();
    ModelProto.Builder model =
        (data.isPresent() ? model(spelled) : checked(spelled))
            .toBuilder()
                .setIrVersion(form.irVersion())
                .setOpsetImport(
                    0, OperatorSetIdProto.newBuilder().setDomain("").setVersion(form.opset()));
    if (form.irVersion() < INITIALIZERS_BY_THEMSELVES) {
      spelled
          .initializers()
          .forEach(
              (name, tensor) ->
                  model
                      .getGraphBuilder()
                      .addInput(value(new Value(name, tensor.type(), tensor.shape()))));
    }
    data.ifPresent(file -> writeExternal(model.getGraphBuilder(), file));
    AtomicFile.write(target, "model", model.build().toByteArray());
  }

  private static void writeExternal(GraphProto.Builder graph, Path file) {
    AtomicFile.write(
        file,
        "model-data",
        channel -> {
          for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            ByteString bytes = tensor.getRawData();
            if (bytes.size() >= SMALL) {
              long at = (channel.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
              channel.position(at);
              AtomicFile.writeFully(channel, bytes.asReadOnlyByteBuffer());
              graph.setInitializer(
                  i,
                  tensor.toBuilder()
                      .clearRawData()
                      .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                      .addExternalData(entry("location", file.getFileName().toString()))
                      .addExternalData(entry("offset", Long.toString(at)))
                      .addExternalData(entry("length", Integer.toString(bytes.size()))));
            }
          }
        });
  }

  private static StringStringEntryProto entry(String key, String text) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(text).build();
  }

  private static ModelProto checked(Graph graph) {
    long bytes = 0;
    for (HostTensor tensor : graph.initializers().values()) {
      bytes += tensor.bytes().remaining();
    }
    // the structure beside the arrays is some kilobytes; 1/64 of the limit is left for it
    if (bytes > Integer.MAX_VALUE - (1 << 25)) {
      throw new RunFault(
          graph
              + ": its initializers take "
              + bytes
              + " bytes (expected: less than 2 GB in one ONNX file); store weights in fewer bits");
    }
    return model(graph);
  }

  private static ModelProto model(Graph graph) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("distill4j")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(Graph.OPSET))
            .setGraph(graph(graph));
    DomainVersions.of(graph)
        .forEach(
            (domain, version) ->
                model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    new TreeMap<>(DomainVersions.withoutVersions(graph.metadata()))
        .forEach(
            (key, text) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    return model.build();
  }

  private static GraphProto graph(Graph graph) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
    graph.nodes().forEach(node -> proto.addNode(node(node)));
    graph.initializers().forEach((name, tensor) -> proto.addInitializer(tensor(name, tensor)));
    graph.inputs().forEach(value -> proto.addInput(value(value)));
    graph.outputs().forEach(value -> proto.addOutput(value(value)));
    return proto.build();
  }

  private static NodeProto node(Node node) {
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setName(node.name())
            .setDomain(node.domain())
            .setOpType(node.op())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    for (Map.Entry<String, Attribute> entry : new TreeMap<>(node.attributes()).entrySet()) {
      proto.addAttribute(attribute(entry.getKey(), entry.getValue()));
    }
    return proto.build();
  }

  private static AttributeProto attribute(String name, Attribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
    if (attribute instanceof Attribute.Int a) {
      proto.setType(AttributeType.INT).setI(a.value());
    } else if (attribute instanceof Attribute.Real a) {
      proto.setType(AttributeType.FLOAT).setF(a.value());
    } else if (attribute instanceof Attribute.Text a) {
      proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(a.value()));
    } else if (attribute instanceof Attribute.Array a) {
      proto.setType(AttributeType.TENSOR).setT(tensor("", a.value()));
    } else if (attribute instanceof Attribute.Ints a) {
      proto.setType(AttributeType.INTS).addAllInts(a.values());
    } else if (attribute instanceof Attribute.Reals a) {
      proto.setType(AttributeType.FLOATS).addAllFloats(a.values());
    } else if (attribute instanceof Attribute.Texts a) {
      proto.setType(AttributeType.STRINGS);
      a.values().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
    } else {
      throw new AssertionError(attribute);
    }
    return proto.build();
  }

  private static TensorProto tensor(String name, HostTensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.code(tensor.type()))
            .setRawData(UnsafeByteOperations.unsafeWrap(tensor.bytes()));
    for (long size : tensor.shape().sizes()) {
      proto.addDims(size);
    }
    return proto.build();
  }

  private static ValueInfoProto value(Value value) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(ElementType.code(value.type()));
    if (value.shape().isRanked()) {
      tensor.setShape(shape(value.shape()));
    }
    return ValueInfoProto.newBuilder()
        .setName(value.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorShapeProto shape(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (Dim dim : shape.dims()) {
      TensorShapeProto.Dimension.Builder one = proto.addDimBuilder();
      if (dim.isKnown()) {
        one.setDimValue(dim.size());
      } else if (dim.isSymbol()) {
        one.setDimParam(dim.symbol());
      }
    }
    return proto.build();
  }
}
