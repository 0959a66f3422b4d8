package org.distill4j.passes;

import java.util.List;
import org.distill4j.graph.Graph;

/**
 * A graph transformation: makes a graph from a graph. The new graph gives the same outputs to
 * rounding, for every input or, where the pass says so, for inputs like those it was shown.
 */
public interface Pass {
  /**
   * What a pass did.
   *
   * @param graph the new graph; the same one if nothing changed
   * @param changes one line for each change
   * @param skipped one line for each place that was left alone and might have been expected to
   *     change, with the reason
   */
  record Outcome(Graph graph, List<String> changes, List<String> skipped) {
    /** Takes copies. */
    public Outcome {
      changes = List.copyOf(changes);
      skipped = List.copyOf(skipped);
    }
  }

  /** What people call it. */
  String name();

  /**
   * Whether the new graph gives the same outputs to rounding; otherwise it does so nearly, as far
   * as the examples that the pass was shown tell.
   */
  default boolean isExact() {
    return true;
  }

  /** Rewrites a graph. */
  Outcome apply(Graph graph);
}
