package org.distill4j.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Parameter.Role;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** One walk over the nodes of a graph that collects its {@link Parameters}. */
final class ParameterSearch {
  /** Operators whose first input arrives unchanged but for order, shape or rounding. */
  private static final Set<String> TRANSPARENT =
      Set.of(
          "Identity",
          "Transpose",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Cast",
          "QuantizeLinear",
          "DequantizeLinear");

  private final Graph graph;
  private final Map<String, HostTensor> floats = new LinkedHashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private final Map<String, HostTensor> statistics = new LinkedHashMap<>();
  private final Map<String, Node> producers;

  ParameterSearch(Graph graph) {
    this.graph = graph;
    this.producers = graph.producers();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type().isFloating()) {
                floats.put(name, tensor);
                origins.put(name, name);
              }
            });
  }

  Parameters run() {
    for (Node node : graph.nodes()) {
      if (node.domain().isEmpty() && !node.outputs().isEmpty()) {
        visit(node);
      }
    }
    roles.keySet().removeAll(statistics.keySet());
    List<Parameter> trainable =
        roles.entrySet().stream()
            .map(e -> new Parameter(e.getKey(), e.getValue(), floats.get(e.getKey())))
            .toList();
    return new Parameters(trainable, statistics);
  }

  private void visit(Node node) {
    switch (node.op()) {
      case "Conv", "ConvTranspose", "Gemm" -> {
        mark(node, 1, Role.WEIGHT);
        mark(node, 2, Role.BIAS);
      }
      case "BatchNormalization" -> {
        mark(node, 1, Role.NORM_SCALE);
        mark(node, 2, Role.NORM_BIAS);
        statistic(node.input(3));
        statistic(node.input(4));
      }
      case "LayerNormalization", "GroupNormalization", "InstanceNormalization" -> {
        mark(node, 1, Role.NORM_SCALE);
        mark(node, 2, Role.NORM_BIAS);
      }
      case "PRelu" -> mark(node, 1, Role.SLOPE);
      case "RNN", "GRU", "LSTM" -> {
        mark(node, 1, Role.WEIGHT);
        mark(node, 2, Role.WEIGHT);
        mark(node, 3, Role.BIAS);
        mark(node, 7, Role.WEIGHT); // the peepholes of an LSTM
      }
      case "Gather" -> markMatrix(node, 0, Role.EMBEDDING);
      case "MatMul", "Einsum" -> {
        for (int i = 0; i < node.inputs().size(); i++) {
          markMatrix(node, i, Role.WEIGHT);
        }
      }
      case "Add", "Mul" -> markChannels(node);
      default -> {
        if (TRANSPARENT.contains(node.op()) && origins.containsKey(node.input(0))) {
          origins.put(node.output(), origins.get(node.input(0)));
        }
      }
    }
  }

  private void mark(Node node, int input, Role role) {
    String origin = origins.get(node.input(input));
    if (origin != null) {
      roles.putIfAbsent(origin, role);
    }
  }

  private void markMatrix(Node node, int input, Role role) {
    String origin = origins.get(node.input(input));
    if (origin != null && floats.get(origin).shape().rank() >= 2) {
      mark(node, input, role);
    }
  }

  private void markChannels(Node node) {
    for (int i = 0; i < 2; i++) {
      String other = node.input(1 - i);
      String origin = origins.get(node.input(i));
      boolean computed = !origins.containsKey(other) && graph.constant(other).isEmpty();
      if (origin != null && computed && isChannelShape(floats.get(origin).shape())) {
        mark(node, i, node.op().equals("Mul") ? Role.NORM_SCALE : addedRole(other));
      }
    }
  }

  /** What is added to values that were just scaled per channel belongs to their normalization. */
  private Role addedRole(String other) {
    Node maker = producers.get(other);
    boolean scaled =
        maker != null
            && maker.op().equals("Mul")
            && maker.inputs().stream()
                .anyMatch(v -> roles.get(origins.getOrDefault(v, "")) == Role.NORM_SCALE);
    return scaled ? Role.NORM_BIAS : Role.BIAS;
  }

  private static boolean isChannelShape(Shape shape) {
    List<Dim> dims = shape.dims();
    int channels = -1;
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).size() != 1) {
        if (channels >= 0) {
          return false;
        }
        channels = i;
      }
    }
    return channels >= 0 && (channels <= 1 || channels == dims.size() - 1);
  }

  private void statistic(String value) {
    String origin = origins.get(value);
    if (origin != null) {
      statistics.put(origin, floats.get(origin));
    }
  }
}
