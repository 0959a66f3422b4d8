package org.distill4j.inference;

import org.distill4j.graph.Graph;

/** An inference runtime: runs graphs forward, as ONNX Runtime does. */
public interface InferenceRuntime {
  /** For reports, such as {@code ONNX Runtime 1.29.0}. */
  String name();

  /**
   * Makes a model ready.
   *
   * @param threads how many threads one call may use, at least 1
   */
  Predictor open(Graph graph, int threads);

  /**
   * Makes a model ready for many examples a call: each thread takes its own slices of the batch. An
   * example's result does not depend on the number of threads.
   *
   * @param threads how many threads one call may use, at least 1
   */
  default Predictor openForBatches(Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    return new SlicedPredictor(open(graph, 1), threads);
  }
}
