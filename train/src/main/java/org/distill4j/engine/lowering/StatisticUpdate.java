package org.distill4j.engine.lowering;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * The update of a running statistic after a training step. The step assigns it under the same
 * control dependencies as the weights, once all gradients are there.
 *
 * @param variable the running mean or variance
 * @param value its new value, of the variable's shape
 */
public record StatisticUpdate<T extends TFloating>(Variable<T> variable, Operand<T> value) {}
