package org.distill4j.advice;

/**
 * A measured difference between two models on the same examples.
 *
 * @param delta how much better the first model is: its accuracy minus the second's, -1 to 1, or the
 *     second's mean absolute error minus its own
 * @param isCertain whether chance alone would seldom bring it
 * @param n how many examples there are
 * @param isOfErrors whether it is a difference of mean absolute errors
 * @param isOfArea whether it is a difference of areas under the ROC curve
 */
public record MeasuredGain(
    double delta, boolean isCertain, long n, boolean isOfErrors, boolean isOfArea) {
  /** A difference of accuracy or of errors. */
  public MeasuredGain(double delta, boolean isCertain, long n, boolean isOfErrors) {
    this(delta, isCertain, n, isOfErrors, false);
  }

  /** A difference of accuracy. */
  public MeasuredGain(double delta, boolean isCertain, long n) {
    this(delta, isCertain, n, false);
  }

  /** The same, seen from the second model. */
  public MeasuredGain reversed() {
    return new MeasuredGain(-delta, isCertain, n, isOfErrors, isOfArea);
  }

  /** How large it is, without its sign. */
  String size() {
    return isOfErrors
        ? Advice.number(Math.abs(delta)) + " in mean absolute error"
        : Advice.points(delta) + (isOfArea ? " of AUC" : "");
  }

  /** Whether the first model is better, and certainly so. */
  public boolean isBetter() {
    return isCertain && delta > 0;
  }

  /** Whether the first model is worse, and certainly so. */
  public boolean isWorse() {
    return isCertain && delta < 0;
  }
}
