package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/**
 * The end of a model with one output: from an activation to the output, with what stands between.
 *
 * @param graph the model
 * @param activation the last node that is none of those between
 * @param between the nodes behind it, from the output back to it; each has one use
 */
record OutputEnd(Graph graph, Node activation, List<Node> between) {
  /** What moves values and changes none, or their type alone: stays when the activation goes. */
  private static final Set<String> MOVING =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Cast");

  /** What scales, bounds or rounds what an activation gave: goes with it. */
  private static final Set<String> SCALING =
      Set.of("Mul", "Div", "Clip", "QuantizeLinear", "DequantizeLinear");

  /** How far a product of factors may be from 1 or 100, and a shift from one half. */
  static final double TOLERANCE = 1e-3;

  /** Copies the list. */
  OutputEnd {
    between = List.copyOf(between);
  }

  /**
   * Walks back from the only output; null where the model is its input or its answer is used twice.
   */
  static OutputEnd of(Graph graph) {
    Map<String, Node> producers = graph.producers();
    Map<String, List<Node>> consumers = graph.consumers();
    List<Node> between = new ArrayList<>();
    String made = graph.onlyOutput().name();
    if (consumers.containsKey(made)) {
      return null;
    }
    Node last = producers.get(made);
    while (last != null && (moves(last) || scales(graph, last))) {
      made = data(graph, last);
      if (consumers.get(made).size() != 1 || last.inputs().indexOf(made) < 0) {
        return null;
      }
      between.add(last);
      last = producers.get(made);
    }
    return last == null ? null : new OutputEnd(graph, last, between);
  }

  static boolean moves(Node node) {
    return node.domain().isEmpty() && MOVING.contains(node.op());
  }

  private static boolean scales(Graph graph, Node node) {
    if (!node.domain().isEmpty() || !SCALING.contains(node.op())) {
      return false;
    }
    boolean isProduct = node.op().equals("Mul") || node.op().equals("Div");
    return !isProduct || factor(graph, node) > 0;
  }

  /** The input that the values come from. */
  private static String data(Graph graph, Node node) {
    boolean isSecond = node.op().equals("Mul") && scalar(graph, node.input(0)) != null;
    return node.input(isSecond ? 1 : 0);
  }

  /** What a Mul or Div by a constant makes of 1; NaN if it is none. */
  static double factor(Graph graph, Node node) {
    Double second = scalar(graph, node.input(1));
    if (node.op().equals("Div")) {
      return second == null ? Double.NaN : 1 / second;
    }
    Double first = second == null ? scalar(graph, node.input(0)) : second;
    return first == null ? Double.NaN : first;
  }

  /** The one number of a constant; null if it is no constant, or has several. */
  static Double scalar(Graph graph, String value) {
    return graph
        .constant(value)
        .filter(t -> t.elements() == 1 && t.type().isFloating())
        .map(HostTensor::toDoubles)
        .map(values -> values[0])
        .orElse(null);
  }

  /** Whether anything between scales, bounds or rounds. */
  boolean isScaled() {
    return between.stream().anyMatch(node -> !moves(node));
  }

  /** Whether one of ONNX's own operators ends the model. */
  boolean isOneOf(Set<String> ops) {
    return activation.domain().isEmpty() && ops.contains(activation.op());
  }

  /**
   * Whether a linear function, bounded by 0 and 1 (or 0 and 6, and divided by 6), ends the model: a
   * hard sigmoid spelled out.
   */
  boolean isBounded() {
    double whole = 1;
    for (Node node : between) {
      if (node.op().equals("Clip")) {
        Double low = scalar(graph, node.input(1));
        Double high = scalar(graph, node.input(2));
        double end = high == null ? Double.NaN : high * whole;
        return low != null
            && low == 0
            && (Math.abs(end - 1) < TOLERANCE || Math.abs(end - 100) < 100 * TOLERANCE);
      }
      whole *= moves(node) || node.inputs().size() != 2 ? 1 : factor(graph, node);
    }
    return false;
  }

  /** By how much a bounded end grows with what is bounded, as a share of the bound. */
  double slope() {
    double slope = 1;
    for (Node node : between) {
      if (node.op().equals("Clip")) {
        slope = 1 / scalar(graph, node.input(2));
      } else if (!moves(node) && node.inputs().size() == 2) {
        slope *= factor(graph, node);
      }
    }
    return slope;
  }

  /**
   * The model without the activation and without what scales behind it; the output has the name
   * that its values have inside the model unless something that moves them makes it.
   */
  Graph cut() {
    return without(activation.input(0), activation);
  }

  /** The model that gives a value instead, moved as the output was. */
  Graph without(String value, Node gone) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.remove(gone);
    String current = value;
    for (int i = between.size() - 1; i >= 0; i--) {
      Node node = between.get(i);
      int place = nodes.indexOf(node);
      if (place >= 0 && moves(node)) {
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, current);
        nodes.set(place, node.withInputs(inputs));
        current = node.output();
      } else {
        nodes.remove(node);
      }
    }
    Value output = graph.onlyOutput();
    return new Graph(
        graph.name(),
        graph.inputs(),
        List.of(
            current.equals(output.name())
                ? output
                : new Value(current, output.type(), output.shape())),
        nodes,
        graph.initializers(),
        graph.metadata());
  }
}
