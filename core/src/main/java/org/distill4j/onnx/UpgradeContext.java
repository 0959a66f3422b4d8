package org.distill4j.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What an upgrader may know of a model and add to it. */
final class UpgradeContext {
  private final ModelDraft draft;
  private final FreshNames valueNames;
  private final FreshNames nodeNames;
  private final Map<String, Value> known = new HashMap<>();
  private final boolean onlyFloat32;

  UpgradeContext(ModelDraft draft) {
    this.draft = draft;
    this.valueNames = new FreshNames(draft.valueNames(), 1);
    this.nodeNames = new FreshNames(draft.nodes.stream().map(Node::name).toList(), 1);
    known.putAll(draft.declared);
    draft.outputs.forEach(v -> known.put(v.name(), v));
    draft.inputs.forEach(v -> known.put(v.name(), v));
    this.onlyFloat32 = onlyFloat32();
  }

  /** Whether no value of the model can be a float of another type. */
  private boolean onlyFloat32() {
    boolean constants =
        draft.initializers.values().stream()
            .map(HostTensor::type)
            .allMatch(UpgradeContext::isUsual);
    boolean values = known.values().stream().map(Value::type).allMatch(UpgradeContext::isUsual);
    boolean nodes =
        draft.nodes.stream()
            .allMatch(
                node ->
                    isUsual(node.attributes().get("to"))
                        && isUsual(node.attributes().get("dtype"))
                        && isUsual(node.attributes().get("value")));
    return constants && values && nodes;
  }

  private static boolean isUsual(DType type) {
    return type == DType.FLOAT32 || !type.isFloating();
  }

  private static boolean isUsual(Attribute attribute) {
    if (attribute instanceof Attribute.Array a) {
      return isUsual(a.value().type());
    }
    return !(attribute instanceof Attribute.Int a)
        || ElementType.of(a.value()).map(UpgradeContext::isUsual).orElse(true);
  }

  /** A fault of this model, to be thrown. */
  RuntimeException fault(Node node, String what) {
    return draft.source.fault(node + ": " + what);
  }

  /** Accounts for heap that is about to be taken. */
  void take(long bytes) {
    draft.source.take(bytes);
  }

  /** What the file says of a value's shape; unranked if it says nothing. */
  Shape shape(String value) {
    HostTensor constant = draft.initializers.get(value);
    if (constant != null) {
      return constant.shape();
    }
    Shape shape = known.containsKey(value) ? known.get(value).shape() : Shape.UNRANKED;
    draft.guessed |= !shape.isRanked();
    return shape;
  }

  /** A constant's value. */
  Optional<HostTensor> constant(String value) {
    return Optional.ofNullable(draft.initializers.get(value));
  }

  /** Whether a node or the model's outputs use a value. */
  boolean isUsed(String value) {
    return !value.isEmpty()
        && (draft.nodes.stream().anyMatch(node -> node.inputs().contains(value))
            || draft.outputs.stream().anyMatch(output -> output.name().equals(value)));
  }

  /** A new constant, named after the node that it is for. */
  String constant(Node node, String what, HostTensor value) {
    String name = fresh(node, what);
    draft.initializers.put(name, value);
    return name;
  }

  /** A new int64 constant of one axis. */
  String longs(Node node, String what, long... values) {
    return constant(node, what, HostTensor.ofLongs(Shape.of(values.length), values));
  }

  /**
   * A new scalar of the same floating type as another value.
   *
   * @param before takes the node that converts it, if the file does not tell the type
   */
  String scalarLike(String like, Node node, String what, float value, List<Node> before) {
    DType type =
        draft.initializers.containsKey(like)
            ? draft.initializers.get(like).type()
            : known.containsKey(like) ? known.get(like).type() : onlyFloat32 ? DType.FLOAT32 : null;
    if (type == DType.FLOAT32) {
      return constant(node, what, HostTensor.scalar(value));
    } else if (type == DType.FLOAT64) {
      return constant(node, what, HostTensor.ofDoubles(Shape.SCALAR, value));
    } else if (type == DType.FLOAT16) {
      ByteBuffer half = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
      half.putShort(Float16.fromFloat(value)).flip();
      return constant(node, what, HostTensor.of(type, Shape.SCALAR, half));
    }
    draft.guessed |= type == null;
    String plain = constant(node, what, HostTensor.scalar(value));
    Node cast = node("CastLike", node, what, List.of(plain, like), Map.of());
    before.add(cast);
    return cast.output();
  }

  /** A new node of ONNX's own domain with one output, both named after the node it is for. */
  Node node(
      String op, Node origin, String what, List<String> inputs, Map<String, Attribute> attributes) {
    return node(op, origin, what, inputs, fresh(origin, what), attributes);
  }

  /** A new node of ONNX's own domain that makes a value of a given name. */
  Node node(
      String op,
      Node origin,
      String what,
      List<String> inputs,
      String output,
      Map<String, Attribute> attributes) {
    String name = nodeNames.name(origin.name() + "_" + what);
    return new Node(name, "", op, inputs, List.of(output), attributes);
  }

  private String fresh(Node node, String what) {
    return valueNames.name(node.name() + "_" + what);
  }
}
