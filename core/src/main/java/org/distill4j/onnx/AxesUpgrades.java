package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Axes and sizes that were attributes and became inputs. */
final class AxesUpgrades {
  private AxesUpgrades() {}

  /** Without axes the operator acts on all; an empty list meant the same. */
  static List<Node> optionalAxes(Node node, UpgradeContext scope) {
    long[] axes = node.intsAttribute("axes");
    Node bare = NodeChanges.without(node, "axes");
    return List.of(
        axes.length == 0 ? bare : NodeChanges.withInput(bare, scope.longs(node, "axes", axes)));
  }

  /** Unsqueeze has no default for its axes. */
  static List<Node> requiredAxes(Node node, UpgradeContext scope) {
    long[] axes =
        node.optionalInts("axes")
            .orElseThrow(() -> scope.fault(node, "attribute 'axes' is missing (expected: axes)"));
    return List.of(
        NodeChanges.withInput(NodeChanges.without(node, "axes"), scope.longs(node, "axes", axes)));
  }

  /** Split's sizes, if they are given. */
  static List<Node> splitSizes(Node node, UpgradeContext scope) {
    Node bare = NodeChanges.without(node, "split");
    return node.optionalInts("split")
        .map(sizes -> List.of(NodeChanges.withInput(bare, scope.longs(node, "split", sizes))))
        .orElse(List.of(bare));
  }

  /** Without sizes the number of parts was that of the outputs; since 18 it must be told. */
  static List<Node> splitCount(Node node, UpgradeContext scope) {
    return List.of(
        node.hasInput(1)
            ? node
            : NodeChanges.with(node, "num_outputs", Attribute.of(node.outputs().size())));
  }

  /** The default axis changes from 1 to -2 as it becomes the third input. */
  static List<Node> transformAxis(Node node, UpgradeContext scope) {
    HostTensor axis = HostTensor.ofLongs(Shape.SCALAR, node.intAttribute("axis", 1));
    List<String> inputs = new ArrayList<>(List.of(node.input(0), node.input(1)));
    inputs.add(scope.constant(node, "axis", axis));
    return List.of(NodeChanges.without(node, "axis").withInputs(inputs));
  }
}
