package org.distill4j.recipe;

/**
 * What a stage does, and the number of its present meaning: bump it by hand when the same inputs
 * and settings give another artefact, and every run makes the stage anew.
 */
enum StageKind {
  /** Trains or imports a teacher. */
  TEACHER(1),
  /** Writes down what the teacher says of every training example. */
  LABELS(1),
  /** Trains a student. */
  STUDENT(1),
  /** Moves the biases of classes that a student has not seen. */
  CORRECTION(1),
  /** Takes channels out of a student. */
  PRUNING(1),
  /** Trains a pruned student on. */
  TUNING(1),
  /** Makes a student of integers. */
  QUANTIZATION(3),
  /** Holds what was made against the gate's limits on validation. */
  VERDICT(1),
  /** Writes the last student in other forms. */
  EXPORT(1);

  private final int format;

  StageKind(int format) {
    this.format = format;
  }

  int format() {
    return format;
  }
}
