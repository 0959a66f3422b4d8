package org.distill4j.engine;

/**
 * The measures of a number of training steps.
 *
 * @param steps how many
 * @param lossSum sum over the steps of what is made small
 * @param correct how many labelled examples were answered rightly
 * @param counted how many labelled examples there were
 */
public record Measures(double steps, double lossSum, double correct, double counted) {
  /** What no step brings. */
  public static final Measures NONE = new Measures(0, 0, 0, 0);

  /** Both together. */
  public Measures plus(Measures other) {
    return new Measures(
        steps + other.steps,
        lossSum + other.lossSum,
        correct + other.correct,
        counted + other.counted);
  }

  /** The mean over the steps of what is made small; NaN without a step. */
  public double loss() {
    return lossSum / steps;
  }

  /** The share of the labelled examples answered rightly, 0 to 1; NaN if there was none. */
  public double accuracy() {
    return correct / counted;
  }
}
