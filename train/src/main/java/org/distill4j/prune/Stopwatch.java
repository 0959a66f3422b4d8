package org.distill4j.prune;

import java.time.Duration;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Latency;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;

/**
 * How long a model takes beside another: both are measured by turns, the best median of each
 * counts, so that what else the machine does falls on both.
 */
final class Stopwatch {
  private static final Duration TURN = Duration.ofMillis(200);
  private static final int TURNS = 3;

  private final Graph whole;

  Stopwatch(Graph whole) {
    this.whole = whole;
  }

  /** The time of one example on one thread, as a share of the whole model's. */
  double share(Graph cut) {
    double ofWhole = Double.POSITIVE_INFINITY;
    double ofCut = Double.POSITIVE_INFINITY;
    try (Predictor first = new OnnxRuntime().open(whole, 1);
        Predictor second = new OnnxRuntime().open(cut, 1)) {
      for (int turn = 0; turn < TURNS; turn++) {
        ofWhole = Math.min(ofWhole, Latency.measure(first, 1, 1, TURN).p50Ms());
        ofCut = Math.min(ofCut, Latency.measure(second, 1, 1, TURN).p50Ms());
      }
    }
    return ofCut / ofWhole;
  }
}
