package org.distill4j.recipe;

/**
 * A student beside the distilled one: the same net, initial weights, steps and optimizer, taught by
 * labels alone. It tells what the teacher brought.
 */
public enum Baseline {
  /** Sees the labels that the distilled student sees. */
  ALONE("student-alone"),
  /** Sees every training label, which tells what the missing ones would have been worth. */
  ALL_LABELS("student-all-labels");

  private final String model;

  Baseline(String model) {
    this.model = model;
  }

  /** What results call the model. */
  public String model() {
    return model;
  }
}
