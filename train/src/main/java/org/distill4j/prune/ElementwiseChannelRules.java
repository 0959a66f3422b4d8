package org.distill4j.prune;

import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** How channels go through what works on each channel by itself. */
final class ElementwiseChannelRules {
  /** One value in, one out, each element or each channel by itself. */
  private static final Set<String> SINGLE =
      Set.of(
          "Relu",
          "LeakyRelu",
          "Sigmoid",
          "Tanh",
          "Elu",
          "Selu",
          "Celu",
          "Gelu",
          "Mish",
          "HardSigmoid",
          "HardSwish",
          "Softplus",
          "Softsign",
          "ThresholdedRelu",
          "Erf",
          "Exp",
          "Log",
          "Sqrt",
          "Reciprocal",
          "Abs",
          "Neg",
          "Floor",
          "Ceil",
          "Round",
          "Sign",
          "Identity",
          "Dropout",
          "Cast",
          "Clip");

  /** The same, for maps of channels along axis 1. */
  private static final Set<String> POOLS =
      Set.of(
          "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool");

  private static final Set<String> SEVERAL =
      Set.of("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "PRelu");

  private ElementwiseChannelRules() {}

  /** Follows channels through a node; false if it is of another kind. */
  static boolean visit(ChannelDependencies walk, Node node) {
    if (SINGLE.contains(node.op())) {
      walk.channels(node.input(0)).ifPresent(c -> walk.put(node.output(), c));
    } else if (POOLS.contains(node.op())) {
      pool(walk, node);
    } else if (SEVERAL.contains(node.op())) {
      several(walk, node);
    } else if (node.op().equals("Softmax") || node.op().equals("LogSoftmax")) {
      softmax(walk, node);
    } else {
      return node.op().equals("Constant") || node.op().equals("Shape");
    }
    return true;
  }

  private static void pool(ChannelDependencies walk, Node node) {
    Optional<Channels> in = walk.channels(node.input(0));
    if (in.isPresent() && in.get().axis() != 1) {
      walk.opaque(node, "pools along the channels");
    } else {
      in.ifPresent(c -> walk.put(node.output(), c));
    }
  }

  private static void softmax(ChannelDependencies walk, Node node) {
    Channels in = walk.channels(node.input(0)).orElse(null);
    if (in == null) {
      return;
    }
    int rank = walk.known().shape(node.input(0)).rank();
    if (Math.floorMod((int) node.intAttribute("axis", -1), rank) == in.axis()) {
      walk.opaque(node, "compares channels with each other");
    } else {
      walk.put(node.output(), in);
    }
  }

  /** Operands stretched to one shape; channels that meet can only go together. */
  private static void several(ChannelDependencies walk, Node node) {
    Shape out = walk.known().shape(node.output());
    if (node.inputs().stream().noneMatch(v -> walk.channels(v).isPresent())) {
      return;
    }
    if (!out.isRanked()) {
      walk.opaque(node, "has a shape that is not known");
      return;
    }
    Channels met = null;
    for (String input : node.inputs()) {
      Channels next = walk.channels(input).orElse(null);
      if (next == null) {
        continue;
      }
      Channels moved = next.along(next.axis() + out.rank() - walk.known().shape(input).rank());
      met = met == null ? moved : meet(walk, node, met, moved);
      if (met == null) {
        walk.opaque(node, "joins channels along different axes");
        return;
      }
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      if (walk.channels(node.input(i)).isEmpty() && !fits(walk, node, i, met, out.rank())) {
        walk.opaque(node, "joins them with '" + node.input(i) + "', which is not followed");
        return;
      }
    }
    walk.put(node.output(), met);
  }

  private static Channels meet(ChannelDependencies walk, Node node, Channels a, Channels b) {
    if (a.axis() != b.axis()) {
      return null;
    }
    if (a.size() == b.size()) {
      walk.ties.tie(a.at(), b.at(), node);
      return a;
    }
    Channels one = a.size() == 1 ? a : b;
    walk.ties.pin(one.at(), node + ": stretches the only channel");
    return one.size() == 1 ? (one == a ? b : a) : null;
  }

  /** Whether an operand without channels of its own can go along. */
  private static boolean fits(
      ChannelDependencies walk, Node node, int input, Channels met, int rank) {
    Shape shape = walk.known().shape(node.input(input));
    if (!shape.isRanked()) {
      return false;
    }
    int axis = met.axis() - (rank - shape.rank());
    if (axis < 0 || (shape.dim(axis).isKnown() && shape.size(axis) == 1)) {
      return true;
    }
    HostTensor constant = walk.constant(node.input(input));
    if (constant == null || shape.size(axis) != met.size()) {
      return false;
    }
    walk.slot(node, input, axis, met.at());
    return true;
  }
}
