package org.distill4j.engine;

import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * Runs graphs forward in TensorFlow, as the engine computes them while it trains: what a model that
 * rounds on the way says there is the simulation of what it says on integers.
 */
public final class EngineRuntime implements InferenceRuntime {
  @Override
  public String name() {
    TensorFlowNatives.load();
    return "TensorFlow " + TensorFlowNatives.version();
  }

  /**
   * {@inheritDoc}
   *
   * @param graph inputs and outputs of float32
   * @throws InputFault naming every node that cannot be carried out, and why, or what TensorFlow
   *     refuses
   */
  @Override
  public Predictor open(Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    TensorFlowNatives.load();
    try {
      return new ForwardPredictor(graph, threads);
    } catch (TensorFlowException e) {
      throw new InputFault(
          "model '%s': TensorFlow refuses it, %s"
              .formatted(
                  graph.name(), String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }
}
