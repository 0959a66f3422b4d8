package org.distill4j.recipe;

import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.parity.Parity;
import org.distill4j.parity.ParityCheck;
import org.distill4j.quantize.TargetMachine;

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
    Parity parity;
    try {
      parity =
          ParityCheck.of(
              model,
              run.lessons().validation().data(),
              runtime(run.recipe().target()),
              run.threads(),
              run.listener());
    } catch (InputFault e) {
      run.says(name + ": not held against a simulation: " + e.lines().get(0));
      return null;
    }
    if (!parity.isPassed()) {
      throw new RunFault(name + ": " + parity.fault());
    }
    run.says(name + ": " + parity.summary());
    return parity;
  }

  /** Whatever saturates here need not there. */
  private static OnnxRuntime runtime(TargetMachine target) {
    return target.isHere() ? new OnnxRuntime() : OnnxRuntime.inRealNumbers();
  }
}
