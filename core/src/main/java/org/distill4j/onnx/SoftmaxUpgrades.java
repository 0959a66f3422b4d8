package org.distill4j.onnx;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * Softmax, LogSoftmax and Hardmax before opset 13: the input was seen as a matrix, all axes from
 * {@code axis} (default 1) on being its columns, and normalised along the rows. Since then they
 * normalise along the one axis {@code axis} (default -1).
 */
final class SoftmaxUpgrades {
  private SoftmaxUpgrades() {}

  /**
   * The node along one axis where at most one of the columns' axes is longer than 1; otherwise, or
   * if the file does not tell, Flatten, the node along the rows, and Reshape to the old shape.
   */
  static List<Node> alongOneAxis(Node node, UpgradeContext scope) {
    long axis = node.intAttribute("axis", 1);
    Shape in = scope.shape(node.input(0));
    Shape shape = in.isRanked() ? in : scope.shape(node.output());
    if (axis == -1) {
      return List.of(NodeChanges.with(node, "axis", Attribute.of(-1)));
    }
    if (shape.isRanked()) {
      int rank = shape.rank();
      if (axis < -rank || axis > rank) {
        throw scope.fault(
            node, "attribute 'axis': " + axis + " (expected: -" + rank + " to " + rank + ")");
      }
      int first = Math.toIntExact(axis < 0 ? axis + rank : axis);
      int only = onlyLongAxis(shape, first);
      if (only >= 0) {
        return List.of(NodeChanges.with(node, "axis", Attribute.of(only)));
      }
    }
    return flattened(node, axis, scope);
  }

  /** The axis from {@code first} on that may be longer than 1; -1 if there are several or none. */
  private static int onlyLongAxis(Shape shape, int first) {
    int only = -1;
    for (int i = first; i < shape.rank(); i++) {
      if (!shape.dim(i).equals(Dim.of(1))) {
        if (only >= 0) {
          return -1;
        }
        only = i;
      }
    }
    return only >= 0 ? only : first < shape.rank() ? first : -1;
  }

  private static List<Node> flattened(Node node, long axis, UpgradeContext scope) {
    String x = node.input(0);
    Node shape = scope.node("Shape", node, "shape", List.of(x), Map.of());
    Node rows = scope.node("Flatten", node, "rows", List.of(x), Map.of("axis", Attribute.of(axis)));
    Node flat =
        scope.node(
            node.op(), node, "flat", List.of(rows.output()), Map.of("axis", Attribute.of(-1)));
    Node back =
        new Node(
            node.name(),
            "",
            "Reshape",
            List.of(flat.output(), shape.output()),
            node.outputs(),
            Map.of("allowzero", Attribute.of(1)));
    return List.of(shape, rows, flat, back);
  }
}
