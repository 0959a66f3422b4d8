package org.distill4j.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;

/**
 * Removes the Softmax, LogSoftmax or Sigmoid at the end of a classifier, so that it gives logits: a
 * teacher is softened before its softmax, and an evaluation that takes the softmax itself must not
 * do it twice.
 *
 * <p>What stands behind it and only moves values, or casts them, stays; what scales (per cents),
 * bounds or rounds them goes with it. A sigmoid may be a hard one, also one spelled out as a linear
 * function between two bounds.
 */
public final class CutSoftmax {
  private static final Set<String> SOFTMAX = Set.of("Softmax", "LogSoftmax");
  private static final Set<String> SIGMOID = Set.of("Sigmoid", "HardSigmoid");
  private static final Set<String> SHIFTS = Set.of("Add", "Sub");
  private static final Set<String> SCALES = Set.of("Mul", "Div");

  private CutSoftmax() {}

  /**
   * The model without a softmax at its end, its logits as its output, under the name that they have
   * inside the model if the softmax made the output itself.
   *
   * @return the same graph if it has several outputs, does not end in a softmax, if the softmax
   *     runs over the batch, or if the model uses the probabilities elsewhere
   */
  public static Graph apply(Graph graph) {
    OutputEnd end = end(graph);
    return end != null && end.isOneOf(SOFTMAX) ? withoutSoftmax(end) : graph;
  }

  /**
   * The model without a sigmoid at its end, which gives each of several labels its own probability.
   *
   * @return the same graph if it does not end in one, or uses the probabilities elsewhere
   */
  public static Graph applyToSigmoid(Graph graph) {
    OutputEnd end = end(graph);
    return end == null || end.isOneOf(SOFTMAX) ? graph : withoutSigmoid(end);
  }

  /**
   * The model without a softmax or a sigmoid at its end.
   *
   * @return the same graph if it ends in neither, or as {@link #apply} says
   */
  public static Graph toLogits(Graph graph) {
    OutputEnd end = end(graph);
    if (end == null) {
      return graph;
    }
    return end.isOneOf(SOFTMAX) ? withoutSoftmax(end) : withoutSigmoid(end);
  }

  private static OutputEnd end(Graph graph) {
    return graph.outputs().size() == 1 ? OutputEnd.of(graph) : null;
  }

  /** Logarithms of probabilities are logits already, however they are scaled. */
  private static Graph withoutSoftmax(OutputEnd end) {
    boolean isScaledLogarithm = end.activation().op().equals("LogSoftmax") && end.isScaled();
    return isScaledLogarithm || isOverBatch(end) ? end.graph() : end.cut();
  }

  private static boolean isOverBatch(OutputEnd end) {
    Value output = end.graph().onlyOutput();
    long axis = end.activation().intAttribute("axis", -1);
    boolean isRankKnown = end.between().isEmpty() && output.shape().isRanked();
    int rank = isRankKnown ? output.shape().rank() : 0;
    return (axis == 0 && !(isRankKnown && rank == 1)) || (rank > 1 && axis == -rank);
  }

  private static Graph withoutSigmoid(OutputEnd end) {
    if (end.isOneOf(SIGMOID)) {
      return end.cut();
    }
    return end.isBounded() ? end.without(linear(end), null) : end.graph();
  }

  /** What a hard sigmoid is spelled out on: the input of its slope and its shift. */
  private static String linear(OutputEnd end) {
    Map<String, Node> producers = end.graph().producers();
    String value = end.activation().output();
    Node node = end.activation();
    while (node != null && node.domain().isEmpty()) {
      boolean isShift = SHIFTS.contains(node.op());
      boolean isScale = SCALES.contains(node.op()) && OutputEnd.factor(end.graph(), node) > 0;
      if (!isShift && !isScale) {
        return value;
      }
      Double first = OutputEnd.scalar(end.graph(), node.input(0));
      Double second = OutputEnd.scalar(end.graph(), node.input(1));
      List<String> inputs = node.inputs();
      if ((first == null) == (second == null) || (first != null && node.op().equals("Sub"))) {
        return value;
      }
      value = inputs.get(first == null ? 0 : 1);
      node = producers.get(value);
    }
    return value;
  }
}
