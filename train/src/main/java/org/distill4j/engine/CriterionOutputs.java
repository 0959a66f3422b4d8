package org.distill4j.engine;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * The outputs of a training criterion; all scalars.
 *
 * @param loss what is made small: the mean over a batch
 * @param correct how many examples of the batch were classified as their label says
 * @param counted how many examples of the batch have a label that may be seen
 */
public record CriterionOutputs<T extends TNumber>(
    Operand<T> loss, Operand<T> correct, Operand<T> counted) {}
