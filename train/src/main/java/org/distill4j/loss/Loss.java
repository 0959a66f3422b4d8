package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** A loss: one number that a student is to make small. */
public interface Loss {
  /** Builds the loss of a batch, a scalar. */
  <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson);
}
