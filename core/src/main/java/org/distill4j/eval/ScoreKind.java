package org.distill4j.eval;

import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/** The kind of a classifier's scores: logits or probabilities. */
public enum ScoreKind {
  /**
   * Any real numbers; softmax makes them probabilities. The output of a LogSoftmax counts as well:
   * softmax of it gives the probabilities it is the logarithm of.
   */
  LOGITS,
  /** Numbers in 0..1; those of one class out of several sum to 1. */
  PROBABILITIES;

  /** Whether the model's only output comes straight from a Softmax or a Sigmoid. */
  public static ScoreKind of(Graph graph) {
    Map<String, Node> producers = graph.producers();
    Node last = producers.get(graph.onlyOutput().name());
    while (last != null && last.op().equals("Identity")) {
      last = producers.get(last.inputs().get(0));
    }
    return last != null && (last.op().equals("Softmax") || last.op().equals("Sigmoid"))
        ? PROBABILITIES
        : LOGITS;
  }

  /**
   * The logit whose sigmoid gives this score; probabilities of 0 and 1 count as the floats next to
   * them.
   */
  double logitOfOne(float score) {
    if (this == LOGITS) {
      return score;
    }
    double p = Math.min(Math.max(score, Float.MIN_VALUE), Math.nextDown(1f));
    return Math.log(p) - Math.log1p(-p);
  }

  /** The logit that gives this score; probabilities of 0 count as the smallest float above 0. */
  double logit(float score) {
    return this == LOGITS ? score : Math.log(Math.max(score, Float.MIN_VALUE));
  }
}
