package org.distill4j.tensorflow;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.FreshNames;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The nodes of a graph definition while it is written. No two names differ in case alone, for
 * TensorFlow's Python counts such names as the same.
 */
public final class Nodes {
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final FreshNames names = new FreshNames();
  private final Set<String> lowerCase = new HashSet<>();

  /** Attributes of a node by name. */
  public static final class Attributes {
    private final Map<String, AttrValue> values = new LinkedHashMap<>();

    /** Sets a type. */
    public Attributes type(String name, DType type) {
      return type(name, dataType(type));
    }

    /** Sets a type. */
    public Attributes type(String name, DataType type) {
      values.put(name, AttrValue.newBuilder().setType(type).build());
      return this;
    }

    /** Sets an integer. */
    public Attributes integer(String name, long value) {
      values.put(name, AttrValue.newBuilder().setI(value).build());
      return this;
    }

    /** Sets a number. */
    public Attributes number(String name, float value) {
      values.put(name, AttrValue.newBuilder().setF(value).build());
      return this;
    }

    /** Sets a truth value. */
    public Attributes flag(String name, boolean value) {
      values.put(name, AttrValue.newBuilder().setB(value).build());
      return this;
    }

    /** Sets a text. */
    public Attributes text(String name, String value) {
      values.put(name, AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build());
      return this;
    }

    /** Sets integers. */
    public Attributes integers(String name, long... all) {
      AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
      for (long one : all) {
        list.addI(one);
      }
      values.put(name, AttrValue.newBuilder().setList(list).build());
      return this;
    }

    /** Sets types. */
    public Attributes types(String name, List<DataType> all) {
      AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder().addAllType(all);
      values.put(name, AttrValue.newBuilder().setList(list).build());
      return this;
    }

    /** Sets a shape. */
    public Attributes shape(String name, Shape shape) {
      values.put(name, AttrValue.newBuilder().setShape(proto(shape)).build());
      return this;
    }

    /** Sets an array. */
    public Attributes tensor(String name, TensorProto tensor) {
      values.put(name, AttrValue.newBuilder().setTensor(tensor).build());
      return this;
    }
  }

  /** No attributes yet. */
  public static Attributes attributes() {
    return new Attributes();
  }

  /** Adds a node and gives its name; one that is taken gets a number. */
  public String add(String op, String stem, Attributes attributes, String... inputs) {
    String name = names.name(stem);
    while (!lowerCase.add(name.toLowerCase(Locale.ROOT))) {
      name = names.name(stem);
    }
    nodes.put(
        name,
        NodeDef.newBuilder()
            .setName(name)
            .setOp(op)
            .addAllInput(List.of(inputs))
            .putAllAttr(attributes.values)
            .build());
    return name;
  }

  /** Adds the handle of a variable that no other node shares. */
  String variable(String stem, DType type, Shape shape) {
    String name =
        add(
            "VarHandleOp",
            stem,
            attributes().type("dtype", type).shape("shape", shape).text("container", ""));
    NodeDef handle = nodes.get(name);
    AttrValue shared = AttrValue.newBuilder().setS(ByteString.copyFromUtf8(name)).build();
    nodes.put(name, handle.toBuilder().putAttr("shared_name", shared).build());
    return name;
  }

  /** Adds a constant. */
  public String constant(String stem, HostTensor tensor) {
    return add("Const", stem, valueOf(tensor));
  }

  private static Attributes valueOf(HostTensor tensor) {
    TensorProto value =
        TensorProto.newBuilder()
            .setDtype(dataType(tensor.type()))
            .setTensorShape(proto(tensor.shape()))
            .setTensorContent(ByteString.copyFrom(tensor.bytes()))
            .build();
    return attributes().type("dtype", tensor.type()).tensor("value", value);
  }

  /** Adds a constant of 32-bit integers, a vector or, for one with no extents, a scalar. */
  public String integers(String stem, Shape shape, int... values) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(4 * values.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return constant(stem, HostTensor.of(DType.INT32, shape, bytes));
  }

  /** Adds a constant text. */
  public String text(String stem, String value) {
    return texts(stem, Shape.SCALAR, List.of(value));
  }

  /** Adds a constant vector of texts. */
  public String texts(String stem, List<String> values) {
    return texts(stem, Shape.of(values.size()), values);
  }

  private String texts(String stem, Shape shape, List<String> values) {
    TensorProto.Builder value = TensorProto.newBuilder().setDtype(DataType.DT_STRING);
    value.setTensorShape(proto(shape));
    for (String one : values) {
      value.addStringVal(ByteString.copyFromUtf8(one));
    }
    return add(
        "Const",
        stem,
        attributes().type("dtype", DataType.DT_STRING).tensor("value", value.build()));
  }

  /** All nodes. */
  public GraphDef.Builder graph() {
    GraphDef.Builder graph = GraphDef.newBuilder().addAllNode(nodes.values());
    graph.getVersionsBuilder().setProducer(1994).setMinConsumer(12); // those of TensorFlow 2.18
    return graph;
  }

  /** A shape in TensorFlow's terms; -1 for what is open. */
  public static TensorShapeProto proto(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    if (!shape.isRanked()) {
      return proto.setUnknownRank(true).build();
    }
    for (Dim dim : shape.dims()) {
      proto.addDimBuilder().setSize(dim.size());
    }
    return proto.build();
  }

  /** TensorFlow's name for a type. */
  public static DataType dataType(DType type) {
    return switch (type) {
      case FLOAT32 -> DataType.DT_FLOAT;
      case FLOAT64 -> DataType.DT_DOUBLE;
      case FLOAT16 -> DataType.DT_HALF;
      case BFLOAT16 -> DataType.DT_BFLOAT16;
      case INT8 -> DataType.DT_INT8;
      case UINT8 -> DataType.DT_UINT8;
      case INT16 -> DataType.DT_INT16;
      case UINT16 -> DataType.DT_UINT16;
      case INT32 -> DataType.DT_INT32;
      case UINT32 -> DataType.DT_UINT32;
      case INT64 -> DataType.DT_INT64;
      case UINT64 -> DataType.DT_UINT64;
      case BOOL -> DataType.DT_BOOL;
    };
  }

  /**
   * The type of that name.
   *
   * @throws InputFault for texts and the like
   */
  public static DType type(DataType type) {
    for (DType one : DType.values()) {
      if (dataType(one) == type) {
        return one;
      }
    }
    throw new InputFault("TensorFlow type " + type + " (expected: a number type)");
  }
}
