package org.distill4j.recipe;

import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.parity.Parity;
import org.distill4j.parity.ParityCheck;

/** Holds a model of integers against its simulation before it is called done. */
final class Deployed {
  private Deployed() {}

  /**
   * Compares on validation.
   *
   * @param name what people call the model
   * @return null where the model cannot be simulated, as one that finds its ranges at each run;
   *     that is said
   * @throws RunFault if the runtime says something else than was simulated; the model lies where it
   *     was written, but its stage is not done
   */
  static Parity parity(RunContext run, String name, Graph model) {
    Parity parity =
        ParityCheck.ifSimulable(
                name,
                model,
                run.lessons().validation().data(),
                run.recipe().target().runtime(),
                run.threads(),
                run.listener())
            .orElse(null);
    if (parity == null) {
      return null;
    }
    if (!parity.isPassed()) {
      throw new RunFault(name + ": " + parity.fault());
    }
    run.says(name + ": " + parity.summary());
    return parity;
  }
}
