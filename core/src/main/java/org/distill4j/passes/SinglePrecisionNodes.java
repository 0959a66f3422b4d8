package org.distill4j.passes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * The nodes of a model that stay in float32 when the rest goes to float16: those with a constant
 * that float16 has not, and around them those that make or take numbers of that size.
 */
final class SinglePrecisionNodes {
  /** Below it float16 keeps less than two digits. */
  private static final double LEAST = 3e-6;

  private static final double MOST = 65504;

  /** What computes with a constant element by element. */
  private static final Set<String> ARITHMETIC =
      Set.of("Add", "ConstantOfShape", "Div", "Mean", "Mul", "Pow", "Sub", "Sum", "Where");

  /** What only compares with a constant, so that the last number of float16 says as much. */
  private static final Set<String> COMPARING =
      Set.of("Clip", "Max", "Min", "Pad", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");

  /** What makes numbers of usual size whatever it is given. */
  private static final Set<String> SETTLING =
      Set.of(
          "ArgMax",
          "ArgMin",
          "BatchNormalization",
          "Cast",
          "Clip",
          "Erf",
          "GroupNormalization",
          "HardSigmoid",
          "Hardmax",
          "InstanceNormalization",
          "LayerNormalization",
          "LogSoftmax",
          "LpNormalization",
          "Sigmoid",
          "Softmax",
          "Softsign",
          "Tanh");

  /** What adds up numbers and weights. */
  private static final Set<String> WEIGHING = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  /** What small numbers are made of before an epsilon guards them. */
  private static final Set<String> MEASURING =
      Set.of(
          "Abs",
          "Mul",
          "Pow",
          "ReduceL1",
          "ReduceL2",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceSum",
          "ReduceSumSquare",
          "Sqrt",
          "Sub");

  /** What has no kernel in float16. */
  private static final Set<String> SINGLE = Set.of("NonMaxSuppression", "MelWeightMatrix", "Range");

  private final Graph graph;
  private final Map<String, Node> producers;
  private final Set<Node> nodes = new HashSet<>();
  private final List<String> notes = new ArrayList<>();

  private SinglePrecisionNodes(Graph graph) {
    this.graph = graph;
    this.producers = graph.producers();
  }

  /** Those of a model in float32. */
  static SinglePrecisionNodes of(Graph graph) {
    SinglePrecisionNodes single = new SinglePrecisionNodes(graph);
    for (Node node : graph.nodes()) {
      if (SINGLE.contains(node.op()) || !node.domain().isEmpty()) {
        single.nodes.add(node);
      }
      single.odd(node).ifPresent(value -> single.keep(node, value));
    }
    return single;
  }

  /** Whether a node computes in float32. */
  boolean holds(Node node) {
    return nodes.contains(node);
  }

  /** A line for each node with a constant that float16 has not. */
  List<String> notes() {
    return notes;
  }

  /** Whether a node only compares with its constants. */
  static boolean compares(Node node) {
    return COMPARING.contains(node.op());
  }

  /** A constant of a node that float16 has not, and that matters. */
  private Optional<Float> odd(Node node) {
    boolean arithmetic = ARITHMETIC.contains(node.op());
    if (!node.domain().isEmpty() || (!arithmetic && !compares(node))) {
      return Optional.empty();
    }
    for (String input : node.inputs()) {
      Optional<Float> odd = odd(graph.initializers().get(input), arithmetic);
      if (odd.isPresent()) {
        return odd;
      }
    }
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Array array) {
        return odd(array.value(), arithmetic);
      }
    }
    return Optional.empty();
  }

  /** A number that arithmetic would notice; where numbers are compared only small ones are. */
  private static Optional<Float> odd(HostTensor tensor, boolean arithmetic) {
    if (tensor == null || tensor.type() != DType.FLOAT32) {
      return Optional.empty();
    }
    for (float value : tensor.toFloats()) {
      double size = Math.abs(value);
      boolean large = size > MOST && size < Double.POSITIVE_INFINITY;
      if ((size > 0 && size < LEAST) || (large && arithmetic)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private void keep(Node node, float value) {
    notes.add(
        String.format(
            Locale.ROOT,
            "%s: stays float32 with its neighbours, as float16 has no %.3g",
            node,
            value));
    nodes.add(node);
    onwards(node);
    if (Math.abs(value) < LEAST) {
      backwards(node);
    }
  }

  /** What numbers are that come from one that float16 has not. */
  private enum Size {
    /** As they came. */
    ODD,
    /** A root or a logarithm of them: small at most, which matters where something is divided. */
    SMALL,
    /** The inverse of small ones, or a power: of any size. */
    ANY
  }

  /** What reads such numbers, until they are of usual size. */
  private void onwards(Node from) {
    Map<String, Size> odd = new HashMap<>();
    from.outputs().forEach(output -> odd.put(output, Size.ODD));
    for (Node node : graph.nodes()) {
      if (node.equals(from) || node.inputs().stream().noneMatch(odd::containsKey)) {
        continue;
      }
      Size size =
          node.inputs().stream()
              .map(i -> odd.getOrDefault(i, Size.ODD))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      if (size == Size.SMALL && WEIGHING.contains(node.op())) {
        continue;
      }
      nodes.add(node);
      if (!settles(node, size, odd.keySet())) {
        Size made = made(node, size, odd.keySet());
        node.outputs().forEach(output -> odd.put(output, made));
      }
    }
  }

  /** Whether a node makes numbers of usual size of those. */
  private boolean settles(Node node, Size size, Set<String> odd) {
    return switch (node.op()) {
      case "Div" -> !isInverse(node, odd);
      case "Mul" ->
          size != Size.ODD
              && node.inputs().stream().filter(odd::contains).count() == 1
              && node.inputs().stream().noneMatch(i -> graph.constant(i).isPresent());
      default -> SETTLING.contains(node.op());
    };
  }

  private static Size made(Node node, Size size, Set<String> odd) {
    return switch (node.op()) {
      case "Log", "Sqrt" -> size == Size.ANY ? size : Size.SMALL;
      case "Exp", "Pow", "Reciprocal" -> Size.ANY;
      case "Div" -> odd.contains(node.input(1)) ? Size.ANY : size;
      default -> size;
    };
  }

  /** Whether a constant is divided by such a number. */
  private boolean isInverse(Node divide, Set<String> odd) {
    return odd.contains(divide.input(1)) && graph.constant(divide.input(0)).isPresent();
  }

  /** What makes the small numbers that a constant guards. */
  private void backwards(Node from) {
    Deque<Node> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      for (String input : open.remove().inputs()) {
        Node maker = producers.get(input);
        if (maker != null && MEASURING.contains(maker.op()) && nodes.add(maker)) {
          open.add(maker);
        }
      }
    }
  }
}
