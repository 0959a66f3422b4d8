package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * One scale for a whole value, written as {@code [1]}, with a zero point written as {@code []}, or
 * the reverse, as quantizers do and runtimes take it: one number is one number, so both become
 * scalars.
 */
final class ScalarScales {
  private static final Set<String> SCALED = Set.of("QuantizeLinear", "DequantizeLinear");
  private static final int SCALE = 1;
  private static final int ZERO_POINT = 2;

  private ScalarScales() {}

  /** Changes the nodes whose two constants differ in their shape alone; constants stay. */
  static void unify(ModelDraft draft) {
    if (draft.nodes.stream().noneMatch(node -> isScaled(node) && differ(draft, node))) {
      return;
    }
    Set<String> before = draft.used();
    Set<String> taken = draft.valueNames();
    List<Node> nodes = new ArrayList<>(draft.nodes.size());
    for (Node node : draft.nodes) {
      boolean changes = isScaled(node) && differ(draft, node);
      nodes.add(changes ? unified(draft, node, taken) : node);
    }
    draft.nodes = nodes;
    before.removeAll(draft.used());
    draft.initializers.keySet().removeAll(before);
  }

  private static boolean isScaled(Node node) {
    return node.domain().isEmpty() && SCALED.contains(node.op()) && node.hasInput(ZERO_POINT);
  }

  private static boolean differ(ModelDraft draft, Node node) {
    HostTensor scale = draft.initializers.get(node.input(SCALE));
    HostTensor zeroPoint = draft.initializers.get(node.input(ZERO_POINT));
    return isOne(scale) && isOne(zeroPoint) && !scale.shape().equals(zeroPoint.shape());
  }

  private static boolean isOne(HostTensor tensor) {
    return tensor != null && tensor.shape().rank() <= 1 && tensor.elements() == 1;
  }

  private static Node unified(ModelDraft draft, Node node, Set<String> taken) {
    List<String> inputs = new ArrayList<>(node.inputs());
    for (int input : List.of(SCALE, ZERO_POINT)) {
      HostTensor tensor = draft.initializers.get(inputs.get(input));
      if (tensor.shape().rank() == 1) {
        inputs.set(input, scalar(draft, inputs.get(input), tensor, taken));
      }
    }
    return node.withInputs(inputs);
  }

  /** Under a name of its own, as others may read the constant as it is. */
  private static String scalar(
      ModelDraft draft, String name, HostTensor tensor, Set<String> taken) {
    String other = name + "/scalar";
    while (!taken.add(other)) {
      other += "_";
    }
    draft.initializers.put(other, tensor.reshape(Shape.SCALAR));
    return other;
  }
}
