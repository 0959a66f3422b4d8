package org.distill4j.tfjs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.TreeMap;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.Nodes;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Nodes as protobuf's JSON spells them; arrays without their values. */
final class NodeJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private NodeJson() {}

  static ObjectNode of(NodeDef node) {
    ObjectNode json = JSON.objectNode();
    json.put("name", node.getName());
    json.put("op", node.getOp());
    if (node.getInputCount() > 0) {
      ArrayNode inputs = json.putArray("input");
      node.getInputList().forEach(inputs::add);
    }
    ObjectNode attributes = json.putObject("attr");
    new TreeMap<>(node.getAttrMap()).forEach((key, value) -> attributes.set(key, of(value)));
    return json;
  }

  private static ObjectNode of(AttrValue value) {
    ObjectNode json = JSON.objectNode();
    switch (value.getValueCase()) {
      case S -> json.put("s", Base64.getEncoder().encodeToString(value.getS().toByteArray()));
      case I -> json.put("i", Long.toString(value.getI()));
      case F -> json.put("f", value.getF());
      case B -> json.put("b", value.getB());
      case TYPE -> json.put("type", value.getType().name());
      case SHAPE -> json.set("shape", shape(value.getShape()));
      case TENSOR -> {
        ObjectNode tensor = json.putObject("tensor");
        tensor.put("dtype", value.getTensor().getDtype().name());
        tensor.set("tensorShape", shape(value.getTensor().getTensorShape()));
      }
      case LIST -> {
        ObjectNode list = json.putObject("list");
        if (value.getList().getICount() > 0) {
          ArrayNode integers = list.putArray("i");
          value.getList().getIList().forEach(i -> integers.add(Long.toString(i)));
        }
      }
      default -> throw new AssertionError(value);
    }
    return json;
  }

  static ObjectNode shape(TensorShapeProto shape) {
    ObjectNode json = JSON.objectNode();
    if (shape.getUnknownRank()) {
      return json.put("unknownRank", true);
    }
    if (shape.getDimCount() > 0) {
      ArrayNode dims = json.putArray("dim");
      shape
          .getDimList()
          .forEach(d -> dims.add(JSON.objectNode().put("size", Long.toString(d.getSize()))));
    }
    return json;
  }

  /** The array that a constant holds. */
  static HostTensor value(NodeDef node) {
    TensorProto tensor = node.getAttrOrThrow("value").getTensor();
    long[] sizes =
        tensor.getTensorShape().getDimList().stream()
            .mapToLong(TensorShapeProto.Dim::getSize)
            .toArray();
    DType type = Nodes.type(tensor.getDtype());
    return HostTensor.of(type, Shape.of(sizes), tensor.getTensorContent().asReadOnlyByteBuffer());
  }
}
