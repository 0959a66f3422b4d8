package org.distill4j.onnx;

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
 * function between two bounds, of which 0 is halfway.
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
      return isCentred(end.activation()) ? end.cut() : end.graph();
    }
    String argument = end.isBounded() ? argument(end) : null;
    return argument == null ? end.graph() : end.without(argument, null);
  }

  /** Whether 0 becomes one half, as the answer of a logit of 0 is. */
  private static boolean isCentred(Node sigmoid) {
    return sigmoid.op().equals("Sigmoid")
        || Math.abs(sigmoid.floatAttribute("beta", 0.5f) - 0.5) < OutputEnd.TOLERANCE;
  }

  /**
   * What a hard sigmoid is spelled out on: the value whose 0 becomes one half, before its slope. A
   * shift further up is a bias of the model's own. Null if no value is such.
   */
  private static String argument(OutputEnd end) {
    Map<String, Node> producers = end.graph().producers();
    String value = end.activation().output();
    double slope = end.slope();
    double shift = 0;
    String found = null;
    for (Node node = end.activation(); node != null && node.domain().isEmpty(); ) {
      boolean isShift = found == null && SHIFTS.contains(node.op());
      boolean isScale = SCALES.contains(node.op()) && OutputEnd.factor(end.graph(), node) > 0;
      if (!isShift && !isScale) {
        return found;
      }
      Double first = OutputEnd.scalar(end.graph(), node.input(0));
      Double second = OutputEnd.scalar(end.graph(), node.input(1));
      if ((first == null) == (second == null) || (first != null && node.op().equals("Sub"))) {
        return found;
      }
      double constant = first == null ? second : first;
      shift += isShift ? slope * (node.op().equals("Sub") ? -constant : constant) : 0;
      slope *= isScale ? OutputEnd.factor(end.graph(), node) : 1;
      value = node.input(first == null ? 0 : 1);
      found = Math.abs(shift - 0.5) < OutputEnd.TOLERANCE ? value : found;
      node = producers.get(value);
    }
    return found;
  }
}
