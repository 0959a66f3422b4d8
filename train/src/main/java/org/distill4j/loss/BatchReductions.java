package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Shape;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Sums that end in a scalar. */
final class BatchReductions {
  private BatchReductions() {}

  /** The sum over both axes of a [B, C] array. */
  static <T extends TNumber> Operand<T> all(Ops tf, Operand<T> array) {
    return tf.sum(array, tf.constant(new int[] {0, 1}));
  }

  /** How many rows there are. */
  static <T extends TNumber> Operand<T> batch(Ops tf, Operand<T> rows) {
    Shape<TInt32> shape = tf.shape(rows);
    return tf.dtypes.cast(tf.gather(shape, tf.constant(0), tf.constant(0)), rows.type());
  }

  /** The mean over both axes of a [B, C] array. */
  static <T extends TNumber> Operand<T> mean(Ops tf, Operand<T> array) {
    return tf.math.mean(array, tf.constant(new int[] {0, 1}));
  }

  /** The mean over the rows that are labelled and over all columns; 0 if none is. */
  static <T extends TNumber> Operand<T> labelledMean(
      Ops tf, Operand<T> each, LossInputs<T> lesson) {
    Operand<T> labelled = lesson.labelled().orElseThrow();
    Operand<T> ones = tf.math.mul(tf.onesLike(lesson.labels()), labelled);
    return tf.math.divNoNan(all(tf, tf.math.mul(each, labelled)), all(tf, ones));
  }
}
