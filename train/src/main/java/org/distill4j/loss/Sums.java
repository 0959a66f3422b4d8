package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Sums that end in a scalar. */
final class Sums {
  private Sums() {}

  /** The sum over both axes of a [B, C] array. */
  static <T extends TNumber> Operand<T> all(Ops tf, Operand<T> array) {
    return tf.sum(array, tf.constant(new int[] {0, 1}));
  }
}
