package org.distill4j.recipe;

/**
 * A baseline: a student beside the distilled one, with the same net, initial weights, steps and
 * optimizer, taught by labels alone. It tells what the teacher brought.
 */
public enum Baseline {
  /** Sees the labels that the distilled student sees. */
  ALONE("student-alone"),
  /** Sees every training label, which tells what the missing ones would have been worth. */
  ALL_LABELS("student-all-labels"),
  /** {@link #ALONE} made of integers as the distilled student is, without losing channels. */
  ALONE_INT8("student-alone-int8");

  private final String model;

  Baseline(String model) {
    this.model = model;
  }

  /** Whether it is trained, not made of another one. */
  public boolean isTrained() {
    return this != ALONE_INT8;
  }

  /** What results call the model. */
  public String model() {
    return model;
  }
}
