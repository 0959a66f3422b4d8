package org.distill4j.run;

import java.util.List;
import org.distill4j.step.Stage;

/**
 * A model of a run, made once for each seed.
 *
 * @param model what results call it
 * @param stages that made it, one for each seed; one alone where all seeds share it
 */
record SeededModels(String model, List<Stage> stages) {
  SeededModels {
    stages = List.copyOf(stages);
  }

  /** The one of the recipe's own seed. */
  Stage first() {
    return stages.get(0);
  }
}
