package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Squared error to the teacher's numbers.
 *
 * <pre>{@code L = mean over the batch and the numbers of (w (student - teacher))²}</pre>
 *
 * <p>with w as in {@link SquaredError}. There is no temperature: numbers have no softened form.
 */
public record SoftSquaredError() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> off = tf.math.sub(lesson.logits(), tf.stopGradient(lesson.teacher()));
    return BatchReductions.mean(tf, tf.math.square(SquaredError.weighted(tf, off, lesson)));
  }
}
