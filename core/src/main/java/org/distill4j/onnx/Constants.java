package org.distill4j.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Turns Constant nodes into initializers, so that there is one way to be constant. One that is an
 * output of the model stays a node, one that nobody uses is dropped.
 */
final class Constants {
  private Constants() {}

  /** Changes the draft. */
  static void toInitializers(ModelDraft draft) {
    Set<String> outputs = new HashSet<>();
    draft.outputs.stream().map(Value::name).forEach(outputs::add);
    Set<String> used = new HashSet<>();
    draft.nodes.forEach(node -> used.addAll(node.inputs()));
    List<Node> kept = new ArrayList<>(draft.nodes.size());
    for (Node node : draft.nodes) {
      if (!node.op().equals("Constant") || !node.domain().isEmpty()) {
        kept.add(node);
        continue;
      }
      HostTensor value = value(node, draft.source);
      if (outputs.contains(node.output())) {
        kept.add(node.withAttributes(Map.of("value", Attribute.of(value))));
      } else if (used.contains(node.output())) {
        draft.initializers.put(node.output(), value);
      }
    }
    draft.nodes = kept;
  }

  private static HostTensor value(Node node, ModelSource source) {
    source.require(
        node.attributes().size() == 1 && node.outputs().size() == 1 && node.inputs().isEmpty(),
        node + ": attributes " + node.attributes().keySet() + " (expected: one value)");
    Map.Entry<String, Attribute> entry = node.attributes().entrySet().iterator().next();
    Attribute value = entry.getValue();
    if (value instanceof Attribute.Array a && entry.getKey().equals("value")) {
      return a.value();
    } else if (value instanceof Attribute.Real a && entry.getKey().equals("value_float")) {
      return HostTensor.scalar(a.value());
    } else if (value instanceof Attribute.Reals a && entry.getKey().equals("value_floats")) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * a.values().size()).order(ByteOrder.LITTLE_ENDIAN);
      a.values().forEach(bytes::putFloat);
      return HostTensor.of(DType.FLOAT32, Shape.of(a.values().size()), bytes.flip());
    } else if (value instanceof Attribute.Int a && entry.getKey().equals("value_int")) {
      return HostTensor.ofLongs(Shape.SCALAR, a.value());
    } else if (value instanceof Attribute.Ints a && entry.getKey().equals("value_ints")) {
      return HostTensor.ofLongs(Shape.of(a.values().size()), a.toArray());
    }
    throw source.fault(
        node + ": attribute '" + entry.getKey() + "' (expected: a tensor or numbers)");
  }
}
