package org.distill4j.step;

import java.util.Locale;
import org.distill4j.settings.StepKey;

/**
 * What a stage does, and the number of its present meaning: bump it by hand when the same inputs
 * and settings give another artefact, or are spelled otherwise in a key, and every run makes the
 * stage anew.
 */
public enum StageKind {
  /** Trains or imports a teacher. */
  TEACHER(3),
  /** Writes down what the teacher says of every training example. */
  LABELS(3),
  /** Trains a student. */
  STUDENT(3),
  /** Moves the biases of classes that a student has not seen. */
  CORRECTION(2),
  /** Takes channels out of a student. */
  PRUNING(2),
  /** Trains a pruned student on. */
  TUNING(3),
  /** Makes a student of integers. */
  QUANTIZATION(6),
  /** Holds what was made against the gate's limits on validation. */
  VERDICT(3),
  /** Writes the last student in other forms. */
  EXPORT(4);

  private final int format;

  StageKind(int format) {
    this.format = format;
  }

  int format() {
    return format;
  }

  /** The key of such a stage before it is told what it depends on. */
  public StepKey key() {
    return StepKey.of(name().toLowerCase(Locale.ROOT), format);
  }
}
