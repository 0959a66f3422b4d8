package org.distill4j.graph;

/**
 * The task of a model: one class of several, several labels, or numbers; it decides the loss and
 * the metrics.
 */
public enum TaskType {
  /** Which one of the classes it is: softmax, cross-entropy, KL. */
  SINGLE_LABEL("single-label"),
  /** Which of the classes it has, any number of them: a sigmoid and a binary cross-entropy each. */
  MULTI_LABEL("multi-label"),
  /** How much: numbers, and the squared distance from them. */
  REGRESSION("regression");

  private final String spelling;

  TaskType(String spelling) {
    this.spelling = spelling;
  }

  /** As recipes and messages spell it. */
  public String spelling() {
    return spelling;
  }
}
