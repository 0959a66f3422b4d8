package org.distill4j.engine.lowering;

import org.distill4j.engine.Training;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt64;

/** The mode of a lowered graph, such as training or inference. */
public sealed interface LoweringMode {
  /** Normalizes with running statistics and drops nothing. */
  record Inference() implements LoweringMode {}

  /**
   * Normalizes with the statistics of the batch and drops at random.
   *
   * @param seedAndStep two numbers, fed at each step, from which all random numbers follow
   */
  record Training(Operand<TInt64> seedAndStep) implements LoweringMode {}

  /** For predictions. */
  static LoweringMode inference() {
    return new Inference();
  }

  /**
   * For training steps.
   *
   * @param seedAndStep of shape [2]: the run's seed and the step's number
   */
  static LoweringMode training(Operand<TInt64> seedAndStep) {
    return new Training(seedAndStep);
  }
}
