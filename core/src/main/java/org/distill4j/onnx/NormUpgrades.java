package org.distill4j.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What changed in the normalisations. */
final class NormUpgrades {
  /** Beyond this, which no net has, a declared number of channels is not worth memory. */
  private static final long MANY_CHANNELS = 1 << 20;

  private NormUpgrades() {}

  /**
   * BatchNormalization with {@code spatial = 0} had statistics per element of an example; since 9
   * there are only those per channel. It becomes {@code (x - mean) / sqrt(var + epsilon) * scale +
   * bias}.
   */
  static List<Node> spatialOnly(Node node, UpgradeContext scope) {
    if (node.intAttribute("spatial", 1) != 0) {
      return List.of(NodeChanges.without(node, "spatial"));
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
      List<Node> nodes,
      UpgradeContext scope,
      String op,
      Node origin,
      String what,
      String... inputs) {
    Node node = scope.node(op, origin, what, List.of(inputs), Map.of());
    nodes.add(node);
    return node.output();
  }

  private static boolean trains(Node node) {
    return node.outputs().stream().filter(o -> !o.isEmpty()).count() > 1;
  }

  /** More than one output meant training; since 14 an attribute tells, and two outputs are gone. */
  static List<Node> trainingMode(Node node, UpgradeContext scope) {
    if (!trains(node)) {
      return List.of(NodeChanges.withOutputs(node, List.of(node.output())));
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
        NodeChanges.with(NodeChanges.withOutputs(node, outputs), "training_mode", Attribute.of(1)));
  }

  /**
   * GroupNormalization's scale and bias were one number per group, since 21 they are one per
   * channel. Channel {@code c} of {@code C} belongs to group {@code c / (C / groups)}.
   */
  static List<Node> scalePerChannel(Node node, UpgradeContext scope) {
    long groups =
        node.optionalInt("num_groups")
            .orElseThrow(
                () -> scope.fault(node, "attribute 'num_groups' is missing (expected: a count)"));
    Shape shape = scope.shape(node.input(0));
    boolean isKnown = shape.isRanked() && shape.rank() > 1 && shape.dim(1).isKnown();
    long channels = isKnown ? shape.size(1) : 0;
    boolean divides =
        groups > 0 && channels > 0 && channels <= MANY_CHANNELS && channels % groups == 0;
    if (divides
        && isPerGroup(node.input(1), groups, scope)
        && isPerGroup(node.input(2), groups, scope)) {
      int width = Math.toIntExact(channels / groups);
      String scale = repeated(node, "scale", node.input(1), width, scope);
      String bias = repeated(node, "bias", node.input(2), width, scope);
      return List.of(node.withInputs(List.of(node.input(0), scale, bias)));
    }
    return expanded(node, groups, scope);
  }

  private static boolean isPerGroup(String value, long groups, UpgradeContext scope) {
    return scope.constant(value).map(t -> t.shape().equals(Shape.of(groups))).orElse(false);
  }

  /** A constant with each element of another one in its place {@code width} times. */
  private static String repeated(
      Node node, String what, String value, int width, UpgradeContext scope) {
    HostTensor groups = scope.constant(value).orElseThrow();
    int bytes = groups.type().bytes();
    scope.take(groups.elements() * width * bytes);
    ByteBuffer all = ByteBuffer.allocate(groups.bytes().remaining() * width);
    byte[] one = new byte[bytes];
    for (ByteBuffer each = groups.bytes(); each.hasRemaining(); ) {
      each.get(one);
      for (int i = 0; i < width; i++) {
        all.put(one);
      }
    }
    Shape shape = Shape.of(groups.elements() * width);
    return scope.constant(node, what, HostTensor.of(groups.type(), shape, all.flip()));
  }

  /** The same where the number of channels is not known: [groups] to [groups, width] to [C]. */
  private static List<Node> expanded(Node node, long groups, UpgradeContext scope) {
    List<Node> nodes = new ArrayList<>();
    String x = node.input(0);
    Node channels =
        scope.node(
            "Shape",
            node,
            "channels",
            List.of(x),
            Map.of("start", Attribute.of(1), "end", Attribute.of(2)));
    nodes.add(channels);
    String count = scope.longs(node, "groups", groups);
    String width = add(nodes, scope, "Div", node, "width", channels.output(), count);
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
    for (String what : List.of("scale", "bias")) {
      String each = node.input(inputs.size());
      String split = add(nodes, scope, "Reshape", node, what + "_column", each, column);
      String wide = add(nodes, scope, "Expand", node, what + "_wide", split, target.output());
      inputs.add(add(nodes, scope, "Reshape", node, what, wide, flat));
    }
    nodes.add(node.withInputs(inputs));
    return nodes;
  }
}
