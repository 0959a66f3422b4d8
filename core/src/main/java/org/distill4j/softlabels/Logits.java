package org.distill4j.softlabels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * Takes the softmax off the end of a model: a student learns from logits, which any temperature can
 * soften, while probabilities have been rounded already where they are near 0 or 1.
 */
public final class Logits {
  /** What only rearranges the classes' numbers on their way out. */
  private static final Set<String> REARRANGING =
      Set.of("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private Logits() {}

  /**
   * The model up to its logits, under the same names of inputs and outputs.
   *
   * @param model of one output
   * @return the same model if it does not end in a Softmax; a LogSoftmax stays, because what it
   *     gives differs from the logits by one number for all classes, which no softmax sees
   */
  public static Graph of(Graph model) {
    Map<String, Node> producers = model.producers();
    Node last = producers.get(model.onlyOutput().name());
    while (last != null && REARRANGING.contains(last.op())) {
      last = producers.get(last.input(0));
    }
    if (last == null || !last.op().equals("Softmax")) {
      return model;
    }
    List<Node> nodes = new ArrayList<>(model.nodes());
    Node through = new Node(last.name(), "", "Identity", last.inputs(), last.outputs(), Map.of());
    nodes.set(nodes.indexOf(last), through);
    return new Graph(
        model.name(),
        model.inputs(),
        model.outputs(),
        nodes,
        model.initializers(),
        model.metadata());
  }
}
