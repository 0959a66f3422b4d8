package org.distill4j.eval;

/**
 * What a model answered to each example of a split, beside the truth: 8 bytes an example, so that
 * models can be compared example by example.
 */
public final class Predictions {
  private final int[] truths;
  private final int[] answers;

  Predictions(int[] truths, int[] answers) {
    this.truths = truths;
    this.answers = answers;
  }

  /** How many examples there are. */
  public int size() {
    return truths.length;
  }

  /** The class of an example according to the data. */
  public int truth(int index) {
    return truths[index];
  }

  /** The class with the highest score; the lowest such class if several share it. */
  public int answer(int index) {
    return answers[index];
  }

  /** Whether the answer is the truth. */
  public boolean isRight(int index) {
    return truths[index] == answers[index];
  }
}
