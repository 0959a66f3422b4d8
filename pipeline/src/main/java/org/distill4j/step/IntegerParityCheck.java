package org.distill4j.step;

import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.quantize.parity.ParityCheck;
import org.distill4j.results.IntegerParity;

/** Holds a model of integers against its simulation and exact integers before it is called done. */
final class IntegerParityCheck {
  private IntegerParityCheck() {}

  /**
   * Compares on validation.
   *
   * @param name what people call the model
   * @throws RunFault if the runtime says something else than was simulated or than exact integers
   *     say; the model lies where it was written, but its stage is not done
   */
  static IntegerParity parity(RunEnvironment run, String name, Graph model) {
    IntegerParity parity =
        ParityCheck.of(
            model,
            run.lessons().validation().data(),
            run.recipe().target().runtime(),
            run.threads(),
            run.listener());
    if (!parity.isPassed()) {
      throw new RunFault(name + ": " + parity.fault());
    }
    run.says(name + ": " + parity.summary());
    return parity;
  }
}
