package org.distill4j.progress;

/**
 * The measures of one epoch, a pass over the training data. A measure that was not taken is NaN.
 *
 * @param epoch counted from 1
 * @param step optimizer steps since the start, this epoch's included
 * @param trainLoss mean of the objective over the epoch's batches, as the optimizer saw them
 * @param trainAccuracy share of the epoch's hard-labelled examples answered rightly, 0 to 1
 * @param validationLoss mean cross-entropy to the hard labels of the validation split; with all
 *     classes counting alike where training weighs them
 * @param validationAccuracy share answered rightly there, 0 to 1
 * @param rate the learning rate of the epoch's last step
 * @param seconds how long the epoch took, validation included
 */
public record Epoch(
    int epoch,
    long step,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    double rate,
    double seconds) {
  /** Checks the bounds. */
  public Epoch {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: " + epoch + " (expected: >= 1)");
    }
    if (step < 0) {
      throw new IllegalArgumentException("step: " + step + " (expected: >= 0)");
    }
  }
}
