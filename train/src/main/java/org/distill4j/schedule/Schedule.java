package org.distill4j.schedule;

/**
 * A schedule: a weight or a temperature at each step, a function of the step's number, so that a
 * resumed training goes on exactly where it was. Below, {@code u = step / (steps - 1)} goes from 0
 * at the first step to 1 at the last, and {@code v = (u - start) / (end - start)}, kept within
 * 0..1, goes from 0 to 1 between two shares of the run.
 */
public sealed interface Schedule
    permits Constant, Linear, Cosine, Step, DistilFirst, WarmUp, Curriculum, Confidence {
  /**
   * The value of one step.
   *
   * @param step from 0
   * @param steps how many there will be
   */
  default double at(long step, long steps) {
    return at(Math.min(1, step / (double) Math.max(1, steps - 1)));
  }

  /**
   * The value at one moment.
   *
   * @param u 0 at the first step, 1 at the last
   */
  double at(double u);

  /** Its lowest value. */
  double least();

  /** Its highest value. */
  double most();

  /** In a few words, for plans: {@code linear 0.9 -> 0.1}. */
  String says();

  /** Whether it has one value throughout. */
  default boolean isConstant() {
    return least() == most();
  }

  /** The weight that adds to 1 with this one, for those that come in pairs; else itself. */
  default Schedule counterpart() {
    return this;
  }
}
