package org.distill4j.inference;

import org.distill4j.graph.Graph;

/** Something that can run a graph forward, such as ONNX Runtime. */
public interface InferenceRuntime {
  /** For reports, such as {@code ONNX Runtime 1.29.0}. */
  String name();

  /**
   * Makes a model ready.
   *
   * @param threads how many threads one call may use, at least 1
   */
  Predictor open(Graph graph, int threads);
}
