package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Kullback-Leibler divergence of the student's softened probabilities from the teacher's, each
 * class by itself.
 *
 * <pre>{@code
 * L = T² · mean over the batch and the classes of KL(q ‖ p),  q = sigmoid(teacher / T), p = sigmoid(student / T)
 * KL(q ‖ p) = q log(q / p) + (1 - q) log((1 - q) / (1 - p))
 * }</pre>
 *
 * <p>That is T² times the binary cross-entropy to the teacher's probabilities, less the teacher's
 * own entropy, which no student changes: 0 means matched. The gradient with respect to a logit is
 * {@code T (p - q) / (B C)}.
 */
public record SoftBinaryTargets() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> t = lesson.temperature();
    Operand<T> teacher = tf.math.div(tf.stopGradient(lesson.teacher()), t);
    Operand<T> student = tf.math.div(lesson.logits(), t);
    Operand<T> q = tf.math.sigmoid(teacher);
    Operand<T> has =
        tf.math.sub(tf.math.softplus(tf.math.neg(student)), tf.math.softplus(tf.math.neg(teacher)));
    Operand<T> hasNot = tf.math.sub(tf.math.softplus(student), tf.math.softplus(teacher));
    Operand<T> each =
        tf.math.add(tf.math.mul(q, has), tf.math.mul(tf.math.sub(tf.onesLike(q), q), hasNot));
    return tf.math.mul(tf.math.square(t), BatchReductions.mean(tf, each));
  }
}
