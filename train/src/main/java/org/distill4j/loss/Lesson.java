package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * What a loss compares, for a batch of B examples and C classes.
 *
 * @param logits what the student says, [B, C]
 * @param labels one-hot, [B, C]; a row of zeros where the student may not see the label
 * @param teacher what the teacher says, logits [B, C]; no gradient flows into it
 * @param temperature how soft the comparison is, a scalar > 0
 */
public record Lesson<T extends TNumber>(
    Operand<T> logits, Operand<T> labels, Operand<T> teacher, Operand<T> temperature) {}
