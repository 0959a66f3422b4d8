package org.distill4j.advice;

/**
 * A measured difference of accuracy between two models on the same examples.
 *
 * @param delta the first model's accuracy minus the second's, -1 to 1
 * @param isCertain whether chance alone would seldom bring it
 * @param n how many examples there are
 */
public record Gain(double delta, boolean isCertain, long n) {
  /** Whether the first model is better, and certainly so. */
  public boolean isBetter() {
    return isCertain && delta > 0;
  }

  /** Whether the first model is worse, and certainly so. */
  public boolean isWorse() {
    return isCertain && delta < 0;
  }
}
