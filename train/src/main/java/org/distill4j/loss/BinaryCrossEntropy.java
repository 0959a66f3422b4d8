package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Binary cross-entropy to labels of which an example may have any number.
 *
 * <pre>{@code
 * L = mean over the labelled examples and the classes of
 *     -w y log sigmoid(z) - (1 - y) log(1 - sigmoid(z))
 * }</pre>
 *
 * <p>with z the student's logit, y 1 where the example has the class, and w the class's weight. It
 * is computed from {@code log sigmoid(z) = -softplus(-z)}, which no logit overflows. A batch
 * without labels gives 0.
 */
public record BinaryCrossEntropy() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> z = lesson.logits();
    Operand<T> y = lesson.labels();
    Operand<T> one = tf.onesLike(y);
    Operand<T> has = tf.math.mul(y, tf.math.softplus(tf.math.neg(z)));
    Operand<T> hasNot = tf.math.mul(tf.math.sub(one, y), tf.math.softplus(z));
    Operand<T> each =
        tf.math.add(
            lesson.weights().map(w -> (Operand<T>) tf.math.mul(w, has)).orElse(has), hasNot);
    return BatchReductions.labelledMean(tf, each, lesson);
  }
}
