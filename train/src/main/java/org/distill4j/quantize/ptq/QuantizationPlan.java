package org.distill4j.quantize.ptq;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.LinearLayer;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * Which nodes work on integers, which tensors are stored as integers for that, and which of these
 * share their scale.
 *
 * <p>Layers with constant weights, sums and pools work on integers. A ReLU or Clip behind a layer
 * or sum is part of it: nothing is rounded in between. What only moves numbers or picks among them
 * (MaxPool, Reshape, Concat, ...) has one scale for all it takes and gives. What a model gives as
 * its output stays float.
 */
public final class QuantizationPlan {
  private static final Set<String> MOVING =
      Set.of(
          "MaxPool",
          "Reshape",
          "Flatten",
          "Transpose",
          "Slice",
          "Gather",
          "Squeeze",
          "Unsqueeze",
          "Identity",
          "Concat");
  private static final Set<String> COMPUTING = Set.of("Add", "AveragePool", "GlobalAveragePool");
  private static final Set<String> CLIPPING = Set.of("Relu", "Clip");

  private final Graph graph;
  private final Shapes shapes;
  private final Map<String, List<Node>> consumers;
  private final Set<String> outputs = new HashSet<>();
  private final Set<String> varying = new HashSet<>(); // what examples change
  private final Set<String> nodes = new LinkedHashSet<>(); // names of those on integers
  private final Set<String> tensors = new LinkedHashSet<>();
  private final Map<String, String> sharedWith = new HashMap<>(); // a forest of tensors
  private final Map<String, String> floating = new LinkedHashMap<>(); // node to reason

  /**
   * Plans a graph whose normalizations are folded.
   *
   * @param keepFloat names of nodes that stay float
   */
  public QuantizationPlan(Graph graph, Set<String> keepFloat) {
    this.graph = graph;
    this.shapes = ShapeInference.infer(graph);
    this.consumers = graph.consumers();
    graph.outputs().forEach(v -> outputs.add(v.name()));
    graph.inputs().forEach(v -> varying.add(v.name()));
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(varying::contains)) {
        varying.addAll(node.outputs());
      }
      if (keepFloat.contains(node.name())) {
        floating.put(node.toString(), "kept float as asked");
      } else if (isComputing(node)) {
        takeIn(node);
      }
    }
    spread(keepFloat);
  }

  private boolean isComputing(Node node) {
    if (!node.domain().isEmpty()) {
      return false;
    }
    if (List.of("Conv", "Gemm", "MatMul").contains(node.op())) {
      boolean isLayer = varying.contains(node.input(0)) && LinearLayer.of(graph, node).isPresent();
      if (!isLayer) {
        floating.put(node.toString(), obstacle(graph, node, varying.contains(node.output())));
      }
      return isLayer;
    }
    return COMPUTING.contains(node.op())
        && varying.contains(node.output())
        && node.inputs().stream().allMatch(i -> isActivation(i))
        && node.inputs().stream().noneMatch(graph.initializers()::containsKey);
  }

  /** Why a Conv, Gemm or MatMul cannot be a layer of integers. */
  static String obstacle(Graph graph, Node node, boolean varies) {
    if (!varies || node.inputs().stream().limit(2).allMatch(i -> graph.constant(i).isPresent())) {
      return "all that it takes is constant";
    }
    HostTensor weights = graph.constant(node.input(1)).orElse(null);
    if (weights == null) {
      return graph.constant(node.input(0)).isPresent()
          ? "its weights stand on the left (expected: on the right)"
          : "its weights are computed (expected: constants)";
    }
    if (weights.type() != DType.FLOAT32) {
      return "its weights are " + weights.type() + " (expected: FLOAT32)";
    }
    boolean isMatrix = weights.shape().rank() == 2 || node.op().equals("Conv");
    if (!isMatrix) {
      return "its weights are of an unusual form, " + weights.shape() + " (expected: a matrix)";
    }
    Optional<HostTensor> bias = graph.constant(node.input(2));
    if (node.hasInput(2) && bias.isEmpty()) {
      return "its bias is computed (expected: constants)";
    }
    long outputs = weights.shape().size(node.intAttribute("transB", 0) == 0 ? 1 : 0);
    return bias.isPresent() && bias.get().elements() != outputs && bias.get().elements() != 1
        ? "its bias is of an unusual form, %s (expected: a number for each of %s outputs)"
            .formatted(bias.get().shape(), outputs)
        : "it is scaled or transposed, which cannot go into its weights as float32";
  }

  private boolean isActivation(String value) {
    return shapes.value(value).type() == DType.FLOAT32 && !graph.initializers().containsKey(value);
  }

  private void takeIn(Node node) {
    nodes.add(node.name());
    node.inputs().stream().filter(i -> !i.isEmpty() && isActivation(i)).forEach(tensors::add);
    String made = made(node);
    if (!outputs.contains(made)) {
      tensors.add(made);
    }
  }

  /** What a node makes, the ReLU or Clip behind it included. */
  private String made(Node node) {
    List<Node> users = consumers.getOrDefault(node.output(), List.of());
    boolean isFused =
        users.size() == 1
            && CLIPPING.contains(users.get(0).op())
            && users.get(0).input(0).equals(node.output())
            && !outputs.contains(node.output())
            && !node.op().contains("Pool");
    return isFused ? users.get(0).output() : node.output();
  }

  /** Moving nodes between integer tensors work on integers too, and share their scale. */
  private void spread(Set<String> keepFloat) {
    for (Node node : graph.nodes()) {
      boolean moves =
          node.domain().isEmpty()
              && MOVING.contains(node.op())
              && !keepFloat.contains(node.name())
              && tensors.contains(node.input(0));
      if (moves) {
        List<String> moved = node.op().equals("Concat") ? node.inputs() : List.of(node.input(0));
        if (outputs.contains(node.output()) || !moved.stream().allMatch(this::isActivation)) {
          continue;
        }
        nodes.add(node.name());
        for (String input : moved) {
          tensors.add(input);
          share(input, node.output());
        }
        tensors.add(node.output());
      }
    }
  }

  private void share(String a, String b) {
    String rootA = root(a);
    String rootB = root(b);
    if (!rootA.equals(rootB)) {
      sharedWith.put(rootB, rootA);
    }
  }

  private String root(String tensor) {
    String at = tensor;
    while (sharedWith.containsKey(at)) {
      at = sharedWith.get(at);
    }
    return at;
  }

  /** Whether a node works on integers. */
  boolean isInteger(Node node) {
    return nodes.contains(node.name());
  }

  /** The layers with weights that work on integers, in the graph's order. */
  List<LinearLayer> layers() {
    List<LinearLayer> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (isInteger(node)) {
        LinearLayer.of(graph, node).ifPresent(layers::add);
      }
    }
    return layers;
  }

  /** The tensors that are stored as integers, in no order that means anything but a stable one. */
  Set<String> tensors() {
    return tensors;
  }

  /** The tensors by who shares a scale. */
  public Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    tensors.forEach(t -> groups.computeIfAbsent(root(t), k -> new ArrayList<>()).add(t));
    return groups;
  }

  /** Layers that stay float, each with its reason. */
  Map<String, String> floating() {
    return floating;
  }

  /** The declared or inferred value of a tensor. */
  Value value(String tensor) {
    return shapes.value(tensor);
  }
}
