package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;

/**
 * Removes the Softmax or LogSoftmax at the end of a classifier, so that it gives logits: a teacher
 * is softened before its softmax, and an evaluation that takes the softmax itself must not do it
 * twice.
 */
public final class CutSoftmax {
  /** What may stand between the softmax and the output: it moves values and changes none. */
  private static final Set<String> MOVING =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose");

  private static final Set<String> SOFTMAX = Set.of("Softmax", "LogSoftmax");

  private CutSoftmax() {}

  /**
   * The model with logits as its output, under the name that they have inside the model if the
   * softmax made the output itself.
   *
   * @return the same graph if it has several outputs, does not end in a softmax, if the softmax
   *     runs over the batch, or if the model uses the probabilities elsewhere
   */
  public static Graph apply(Graph graph) {
    return cut(graph, SOFTMAX);
  }

  /**
   * The model without a Sigmoid at its end, which gives each of several labels its own probability.
   *
   * @return the same graph if it does not end in one, or uses the probabilities elsewhere
   */
  public static Graph applyToSigmoid(Graph graph) {
    return cut(graph, Set.of("Sigmoid"));
  }

  private static Graph cut(Graph graph, Set<String> ops) {
    if (graph.outputs().size() != 1) {
      return graph;
    }
    Map<String, Node> producers = graph.producers();
    Map<String, List<Node>> consumers = graph.consumers();
    Value output = graph.onlyOutput();
    Node last = producers.get(output.name());
    String made = output.name();
    while (last != null && isMoving(last) && consumers.getOrDefault(made, List.of()).size() <= 1) {
      made = last.input(0);
      last = producers.get(made);
    }
    boolean isOutput = made.equals(output.name());
    boolean isOnlyUse = consumers.getOrDefault(made, List.of()).size() == (isOutput ? 0 : 1);
    if (last == null || !isOnlyUse || !isOneOf(last, ops) || isOverBatch(last, output, isOutput)) {
      return graph;
    }
    return without(graph, last, isOutput);
  }

  private static boolean isMoving(Node node) {
    return node.domain().isEmpty() && MOVING.contains(node.op());
  }

  private static boolean isOneOf(Node node, Set<String> ops) {
    return node.domain().isEmpty() && ops.contains(node.op());
  }

  private static boolean isOverBatch(Node softmax, Value output, boolean isOutput) {
    long axis = softmax.intAttribute("axis", -1);
    boolean isRankKnown = isOutput && output.shape().isRanked();
    int rank = isRankKnown ? output.shape().rank() : 0;
    return (axis == 0 && !(isRankKnown && rank == 1)) || (rank > 1 && axis == -rank);
  }

  private static Graph without(Graph graph, Node softmax, boolean isOutput) {
    String logits = softmax.input(0);
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!node.name().equals(softmax.name())) {
        nodes.add(
            node.withInputs(
                node.inputs().stream()
                    .map(input -> input.equals(softmax.output()) ? logits : input)
                    .toList()));
      }
    }
    Value output = graph.onlyOutput();
    Value renamed = isOutput ? new Value(logits, output.type(), output.shape()) : output;
    return new Graph(
        graph.name(),
        graph.inputs(),
        List.of(renamed),
        nodes,
        graph.initializers(),
        graph.metadata());
  }
}
