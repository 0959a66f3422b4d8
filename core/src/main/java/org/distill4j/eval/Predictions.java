package org.distill4j.eval;

import java.util.Arrays;

/**
 * The predictions of a model for each example of a split, beside the truth: 8 bytes an example, 12
 * of two classes, so that models can be compared example by example.
 *
 * <p>Where an example may have several labels, its truth is 1 and its answer 1 if all of them are
 * right and no other was given, else 0. Where numbers are asked for there are distances alone.
 */
public final class Predictions {
  private final int[] truths;
  private final int[] answers;
  private final float[] distances;
  private final float[] odds;

  Predictions(int[] truths, int[] answers) {
    this(truths, answers, null);
  }

  /**
   * Of two classes.
   *
   * @param odds the logarithm of the second class's odds; null where they were not kept
   */
  Predictions(int[] truths, int[] answers, float[] odds) {
    this.truths = truths;
    this.answers = answers;
    this.distances = null;
    this.odds = odds;
  }

  Predictions(float[] distances) {
    this.truths = null;
    this.answers = null;
    this.distances = distances;
    this.odds = null;
  }

  /** How many examples there are. */
  public int size() {
    return distances != null ? distances.length : truths.length;
  }

  /** The class of an example according to the data. */
  public int truth(int index) {
    return truths[index];
  }

  /** The class with the highest score; the lowest such class if several share it. */
  public int answer(int index) {
    return answers[index];
  }

  /** Whether the odds of the second of two classes are known, of examples of both. */
  boolean isRanked() {
    return odds != null
        && Arrays.stream(truths).anyMatch(t -> t == 1)
        && Arrays.stream(truths).anyMatch(t -> t == 0);
  }

  /** The logarithm of the odds of the second of two classes. */
  float odds(int index) {
    return odds[index];
  }

  /** Whether the answer is the truth; never where numbers are asked for. */
  public boolean isRight(int index) {
    return distances == null && truths[index] == answers[index];
  }

  /**
   * How far an answer is from the truth: 0 or 1 for classes, for numbers the mean absolute error of
   * the example's numbers.
   */
  public double distance(int index) {
    return distances != null ? distances[index] : isRight(index) ? 0 : 1;
  }
}
