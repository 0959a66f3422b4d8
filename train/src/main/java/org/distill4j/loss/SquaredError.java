package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Squared error to the true numbers.
 *
 * <pre>{@code L = mean over the labelled examples and the numbers of (w (z - y))²}</pre>
 *
 * <p>with w the number's weight, one over its standard deviation, so that numbers of any size learn
 * at the same rate. A batch without labels gives 0.
 */
public record SquaredError() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> off = tf.math.sub(lesson.logits(), lesson.labels());
    return BatchReductions.labelledMean(tf, tf.math.square(weighted(tf, off, lesson)), lesson);
  }

  /** A difference in the sizes that the weights say. */
  static <T extends TNumber> Operand<T> weighted(Ops tf, Operand<T> off, LossInputs<T> lesson) {
    return lesson.weights().map(w -> (Operand<T>) tf.math.mul(w, off)).orElse(off);
  }
}
