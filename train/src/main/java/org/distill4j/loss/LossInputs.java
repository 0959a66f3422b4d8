package org.distill4j.loss;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * The inputs of a loss for a batch of B examples and C classes: logits, labels, soft targets.
 *
 * @param logits what the student says, [B, C]
 * @param labels one-hot, [B, C]; a row of zeros where the student may not see the label. Of several
 *     labels 1 for each that is there; for a regression the numbers
 * @param teacher what the teacher says, logits [B, C]; no gradient flows into it
 * @param temperature how soft the comparison is, a scalar > 0
 * @param labelled 1 where the student may see the label, else 0, [B, 1]; only for several labels
 *     and numbers, whose rows of zeros mean something
 * @param weights how much each class or number counts, [C]; absent: all the same
 */
public record LossInputs<T extends TNumber>(
    Operand<T> logits,
    Operand<T> labels,
    Operand<T> teacher,
    Operand<T> temperature,
    Optional<Operand<T>> labelled,
    Optional<Operand<T>> weights) {
  /** A lesson in one class of several, which all count the same. */
  public LossInputs(
      Operand<T> logits, Operand<T> labels, Operand<T> teacher, Operand<T> temperature) {
    this(logits, labels, teacher, temperature, Optional.empty(), Optional.empty());
  }
}
