package org.distill4j.lowered;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Node;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;

/** How each operator's output is held, given how its inputs are. */
final class LayoutRules {
  /** What one operator does to the order of axes. */
  @FunctionalInterface
  interface Rule {
    /** How the outputs are held. */
    Layout layout(NodeSite site, LayoutPlan plan);
  }

  private static final Rule SPATIAL = (site, plan) -> Layout.CHANNELS_LAST;
  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    all(
        SPATIAL,
        "AveragePool",
        "Conv",
        "ConvTranspose",
        "DepthToSpace",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "InstanceNormalization",
        "LRN",
        "MaxPool",
        "Resize",
        "SpaceToDepth");
    all(
        (site, plan) -> plan.of(site, 0),
        "Abs",
        "Cast",
        "Ceil",
        "Clip",
        "DequantizeLinear",
        "Dropout",
        "Elu",
        "Erf",
        "Exp",
        "Floor",
        "Gelu",
        "HardSigmoid",
        "HardSwish",
        "Identity",
        "LeakyRelu",
        "Log",
        "Mish",
        "Neg",
        "QuantizeLinear",
        "Reciprocal",
        "Relu",
        "Round",
        "Selu",
        "Sigmoid",
        "Softplus",
        "Softsign",
        "Sqrt",
        "Tanh");
    all(LayoutRules::broadcast, "Add", "Div", "Max", "Min", "Mul", "PRelu", "Pow", "Sub");
    all(LayoutRules::kept, "LogSoftmax", "Pad", "Slice", "Softmax", "Split");
    all(LayoutRules::reshaped, "Flatten", "Reshape", "Squeeze", "Unsqueeze");
    all(LayoutRules::reduced, "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum");
    all(
        (site, plan) -> site.shape(0).rank() > 2 ? Layout.CHANNELS_LAST : Layout.ONNX,
        "BatchNormalization");
    all(
        (site, plan) ->
            site.shape(1).rank() == 1 && site.shape(0).rank() > 2 ? kept(site, plan) : Layout.ONNX,
        "Gather");
    all(LayoutRules::joined, "Concat");
    all(LayoutRules::transposed, "Transpose");
  }

  private LayoutRules() {}

  private static void all(Rule rule, String... ops) {
    for (String op : ops) {
      RULES.put(op, rule);
    }
  }

  /** The rule of a node's operator; without one the order is that of ONNX. */
  static Optional<Rule> find(Node node) {
    return node.domain().isEmpty() ? Optional.ofNullable(RULES.get(node.op())) : Optional.empty();
  }

  /** Whether an operator works on maps whose channels are last. */
  static boolean isSpatial(Node node) {
    return find(node).filter(rule -> rule == SPATIAL).isPresent();
  }

  /** Works on either order; a flattened map is undone. */
  private static Layout kept(NodeSite site, LayoutPlan plan) {
    return plan.of(site, 0) == Layout.CHANNELS_LAST ? Layout.CHANNELS_LAST : Layout.ONNX;
  }

  /** If any operand of the result's rank has its channels last, the others follow. */
  private static Layout broadcast(NodeSite site, LayoutPlan plan) {
    for (int input = 0; input < site.node().inputs().size(); input++) {
      if (plan.of(site, input) == Layout.CHANNELS_LAST
          && site.shape(input).rank() == site.outShape().rank()) {
        return Layout.CHANNELS_LAST;
      }
    }
    return Layout.ONNX;
  }

  /** If any part has its channels last, the others follow. */
  private static Layout joined(NodeSite site, LayoutPlan plan) {
    boolean last = site.node().inputs().stream().anyMatch(v -> plan.of(v) == Layout.CHANNELS_LAST);
    return last ? Layout.CHANNELS_LAST : Layout.ONNX;
  }

  /** A map flattened to one row per example keeps its channels last. */
  private static Layout reshaped(NodeSite site, LayoutPlan plan) {
    Shape in = site.shape(0);
    Shape out = site.outShape();
    if (plan.of(site, 0) != Layout.CHANNELS_LAST || out.rank() != 2) {
      return Layout.ONNX;
    }
    boolean fixed = in.dropFirst().isStatic();
    boolean rows = fixed && out.dim(1).size() == in.dropFirst().elements();
    boolean trivial = rows && (in.size(1) == 1 || in.size(1) == out.size(1));
    return rows && !trivial ? Layout.FLAT_CHANNELS_LAST : Layout.ONNX;
  }

  /** The axes that are left of a map stay in the order that it is held in. */
  private static Layout reduced(NodeSite site, LayoutPlan plan) {
    boolean last = plan.of(site, 0) == Layout.CHANNELS_LAST;
    if (!last || site.node().intAttribute("keepdims", 1) != 0) {
      return last ? Layout.CHANNELS_LAST : Layout.ONNX;
    }
    List<Integer> gone =
        Arrays.stream(site.integers(1, "axes").orElse(new long[0]))
            .mapToObj(axis -> site.axis(0, axis))
            .toList();
    boolean isMap = !gone.contains(0) && !gone.contains(1) && site.outShape().rank() > 2;
    return isMap ? Layout.CHANNELS_LAST : Layout.ONNX;
  }

  /** Where the model itself goes from NHWC to NCHW, nothing needs to move. */
  private static Layout transposed(NodeSite site, LayoutPlan plan) {
    int rank = site.shape(0).rank();
    int[] order = Axes.permutation(site);
    boolean toFirst = (rank == 3 || rank == 4) && Arrays.equals(order, Axes.toFirst(rank));
    return toFirst && plan.of(site, 0) == Layout.ONNX ? Layout.CHANNELS_LAST : Layout.ONNX;
  }
}
