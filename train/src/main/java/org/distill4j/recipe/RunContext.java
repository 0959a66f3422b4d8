package org.distill4j.recipe;

import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.distill4j.track.RunLog;

/**
 * What all stages of a run share.
 *
 * @param recipe what is to be done
 * @param data found and checked
 * @param dataDigest the digest of all three parts of the data
 * @param labelled which training labels a student may see
 * @param folder where artefacts are kept
 * @param log what happened
 * @param threads how many threads a step may use
 * @param listener who hears how far it is
 */
record RunContext(
    Recipe recipe,
    Splits data,
    String dataDigest,
    LabelledSubset labelled,
    RunFolder folder,
    RunLog log,
    int threads,
    ProgressListener listener) {

  String seedText() {
    return "seed " + recipe.seed();
  }

  String threadsText() {
    return "threads " + threads;
  }

  /** A seed of its own for each purpose, all derived from the recipe's. */
  long seedOf(String purpose) {
    return Long.parseUnsignedLong(Sha256.ofTexts(seedText(), purpose).substring(0, 16), 16);
  }

  /** Tells people one line. */
  void says(String line) {
    listener.note(line);
  }

  /**
   * A trainer with what all trainings of the run share.
   *
   * @param purpose what its order and dropout are drawn for
   */
  Trainer trainer(String name, String purpose, Graph net, TrainSettings settings) {
    return Trainer.of(net, data)
        .name(name)
        .settings(settings)
        .seed(seedOf(purpose))
        .threads(threads)
        .listener(listener);
  }
}
