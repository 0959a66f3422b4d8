package org.distill4j.engine;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * The settings of a training: epochs, batch size, optimizer, learning rate.
 *
 * @param epochs passes over the training examples, at least 1
 * @param batch examples per step, at least 1; what does not fill a batch waits for another epoch's
 *     order
 * @param optimizer how a gradient moves a weight
 * @param rate the learning rate at each step
 * @param weightDecay pulls weights to 0, but neither biases nor the scales of norms; at least 0
 * @param clipNorm scales the gradient down to this length, over all weights together; 0 leaves it
 * @param patience stops after so many epochs without a better validation loss and keeps the best
 *     epoch's weights; 0 trains to the end and keeps the last
 */
@DigestedAs("TrainSettings[epochs, batch, optimizer, rate, weightDecay, clipNorm, patience]")
public record TrainSettings(
    @Describe("passes over the training examples, >= 1") int epochs,
    @Default("128") @Describe("examples per step, >= 1") int batch,
    @Default("adam") @Describe("how a gradient moves a weight") Optimizer optimizer,
    @Default("constant") @Describe("the learning rate at each step") Rate rate,
    @Default("0") @Describe("pulls weights, but not biases and norms, to 0; >= 0")
        double weightDecay,
    @Default("0") @Describe("scales the whole gradient down to this length; 0 = off")
        double clipNorm,
    @Default("0")
        @Describe("epochs without a better validation loss before it stops and goes back; 0 = off")
        int patience) {
  /** Checks the bounds. */
  public TrainSettings {
    require(epochs >= 1, "epochs: " + epochs + " (expected: >= 1)");
    require(batch >= 1, "batch: " + batch + " (expected: >= 1)");
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weight-decay: " + weightDecay + " (expected: >= 0)");
    require(
        clipNorm >= 0 && clipNorm < Double.POSITIVE_INFINITY,
        "clip-norm: " + clipNorm + " (expected: > 0, or 0 for none)");
    require(patience >= 0, "patience: " + patience + " (expected: >= 1, or 0 for none)");
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }

  /** Adam at 1e-3 on batches of 128, to the end. */
  public static TrainSettings epochs(int epochs) {
    return new TrainSettings(epochs, 128, Optimizer.adam(), new Rate.Constant(0.001, 0), 0, 0, 0);
  }
}
