package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;

/** What changed in the normalisations. */
final class NormUpgrades {
  private NormUpgrades() {}

  /**
   * BatchNormalization with {@code spatial = 0} had statistics per element of an example; since 9
   * there are only those per channel. It becomes {@code (x - mean) / sqrt(var + epsilon) * scale +
   * bias}.
   */
  static List<Node> spatialOnly(Node node, Scope scope) {
    if (node.intAttribute("spatial", 1) != 0) {
      return List.of(Rewrite.without(node, "spatial"));
    }
    if (trains(node)) {
      throw scope.fault(
          node, "trains statistics per element (expected: spatial = 1, or one output)");
    }
    List<Node> nodes = new ArrayList<>();
    float epsilon = node.floatAttribute("epsilon", 1e-5f);
    String eps = scope.scalarLike(node.input(4), node, "epsilon", epsilon, nodes);
    String centred = add(nodes, scope, "Sub", node, "centred", node.input(0), node.input(3));
    String padded = add(nodes, scope, "Add", node, "padded", node.input(4), eps);
    String deviation = add(nodes, scope, "Sqrt", node, "deviation", padded);
    String normal = add(nodes, scope, "Div", node, "normal", centred, deviation);
    String scaled = add(nodes, scope, "Mul", node, "scaled", normal, node.input(1));
    nodes.add(
        new Node(
            node.name(),
            "",
            "Add",
            List.of(scaled, node.input(2)),
            List.of(node.output()),
            Map.of()));
    return nodes;
  }

  private static String add(
      List<Node> nodes, Scope scope, String op, Node origin, String what, String... inputs) {
    Node node = scope.node(op, origin, what, List.of(inputs), Map.of());
    nodes.add(node);
    return node.output();
  }

  private static boolean trains(Node node) {
    return node.outputs().stream().filter(o -> !o.isEmpty()).count() > 1;
  }

  /** More than one output meant training; since 14 an attribute tells, and two outputs are gone. */
  static List<Node> trainingMode(Node node, Scope scope) {
    if (!trains(node)) {
      return List.of(Rewrite.withOutputs(node, List.of(node.output())));
    }
    for (String saved :
        node.outputs().subList(Math.min(3, node.outputs().size()), node.outputs().size())) {
      if (scope.isUsed(saved)) {
        throw scope.fault(
            node, "its output '" + saved + "' is used (expected: at most the first three)");
      }
    }
    List<String> outputs = node.outputs().subList(0, Math.min(3, node.outputs().size()));
    return List.of(
        Rewrite.with(Rewrite.withOutputs(node, outputs), "training_mode", Attribute.of(1)));
  }

  /**
   * GroupNormalization's scale and bias were one number per group, since 21 they are one per
   * channel. Channel {@code c} of {@code C} belongs to group {@code c / (C / groups)}.
   */
  static List<Node> scalePerChannel(Node node, Scope scope) {
    long groups =
        node.optionalInt("num_groups")
            .orElseThrow(
                () -> scope.fault(node, "attribute 'num_groups' is missing (expected: a count)"));
    List<Node> nodes = new ArrayList<>();
    String x = node.input(0);
    // [groups] -> [groups, 1] -> [groups, C / groups] -> [C]
    Node channels =
        scope.node(
            "Shape",
            node,
            "channels",
            List.of(x),
            Map.of("start", Attribute.of(1), "end", Attribute.of(2)));
    String width =
        add(
            nodes,
            scope,
            "Div",
            node,
            "width",
            channels.output(),
            scope.longs(node, "groups", groups));
    nodes.add(0, channels);
    Node target =
        scope.node(
            "Concat",
            node,
            "target",
            List.of(scope.longs(node, "one", 1), width),
            Map.of("axis", Attribute.of(0)));
    nodes.add(target);
    String column = scope.longs(node, "column", -1, 1);
    String flat = scope.longs(node, "flat", -1);
    List<String> inputs = new ArrayList<>(List.of(x));
    for (int i = 1; i < 3; i++) {
      String what = i == 1 ? "scale" : "bias";
      String split = add(nodes, scope, "Reshape", node, what + "_column", node.input(i), column);
      String wide = add(nodes, scope, "Expand", node, what + "_wide", split, target.output());
      inputs.add(add(nodes, scope, "Reshape", node, what, wide, flat));
    }
    nodes.add(node.withInputs(inputs));
    return nodes;
  }
}
