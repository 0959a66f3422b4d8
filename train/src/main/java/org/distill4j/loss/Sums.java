package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Shape;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Sums that end in a scalar. */
final class Sums {
  private Sums() {}

  /** The sum over both axes of a [B, C] array. */
  static <T extends TNumber> Operand<T> all(Ops tf, Operand<T> array) {
    return tf.sum(array, tf.constant(new int[] {0, 1}));
  }

  /** How many rows there are. */
  static <T extends TNumber> Operand<T> batch(Ops tf, Operand<T> rows) {
    Shape<TInt32> shape = tf.shape(rows);
    return tf.dtypes.cast(tf.gather(shape, tf.constant(0), tf.constant(0)), rows.type());
  }
}
