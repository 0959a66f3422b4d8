package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import org.distill4j.tensor.DType;

/** Files of any opset, spelled by hand. */
final class Protos {
  private Protos() {}

  /** A model of IR version 7 without inputs, outputs and nodes yet. */
  static ModelProto.Builder model(int opset) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(7)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    model.getGraphBuilder().setName("by hand");
    return model;
  }

  /** A model of one node that takes x and makes y, both float32 of any shape. */
  static ModelProto.Builder unary(int opset, NodeProto.Builder node) {
    ModelProto.Builder model = model(opset);
    model
        .getGraphBuilder()
        .addInput(value("x", DType.FLOAT32))
        .addOutput(value("y", DType.FLOAT32))
        .addNode(node);
    return model;
  }

  /** A value of unknown shape. */
  static ValueInfoProto.Builder value(String name, DType type) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(ElementType.code(type));
    return value;
  }

  /** A value; extents below 0 are left out, which makes them unknown. */
  static ValueInfoProto.Builder value(String name, DType type, long... shape) {
    ValueInfoProto.Builder value = value(name, type);
    TypeProto.Tensor.Builder tensor = value.getTypeBuilder().getTensorTypeBuilder();
    for (long size : shape) {
      if (size < 0) {
        tensor.getShapeBuilder().addDimBuilder();
      } else {
        tensor.getShapeBuilder().addDimBuilder().setDimValue(size);
      }
    }
    return value;
  }

  /** A node without a name. */
  static NodeProto.Builder node(String op, List<String> inputs, List<String> outputs) {
    return NodeProto.newBuilder().setOpType(op).addAllInput(inputs).addAllOutput(outputs);
  }

  /** A node from x to y. */
  static NodeProto.Builder node(String op, AttributeProto... attributes) {
    return node(op, List.of("x"), List.of("y")).addAllAttribute(List.of(attributes));
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto floats(String name, float... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOATS);
    for (float value : values) {
      attribute.addFloats(value);
    }
    return attribute.build();
  }

  /** A float32 initializer in a typed field. */
  static TensorProto.Builder floats(String name, List<Long> shape, float... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.code(DType.FLOAT32))
            .addAllDims(shape);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor;
  }

  /** An int64 initializer of one axis in a typed field. */
  static TensorProto.Builder longs(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.code(DType.INT64))
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor;
  }
}
