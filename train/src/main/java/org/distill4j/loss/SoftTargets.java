package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Kullback-Leibler divergence of the student's softened class probabilities from the teacher's.
 *
 * <pre>{@code L = T² · mean over the batch of KL(softmax(teacher / T) ‖ softmax(student / T))}
 * </pre>
 *
 * <p>The factor T² keeps the gradient's size independent of the temperature T, so one learning rate
 * serves every T. The gradient with respect to the student's logits is {@code T (softmax(student /
 * T) - softmax(teacher / T)) / B}. As T grows the loss tends to half the mean squared difference of
 * the centred logits.
 *
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton, Vinyals and Dean, 2015</a>
 */
public record SoftTargets() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> t = lesson.temperature();
    Operand<T> teacher = tf.nn.logSoftmax(tf.math.div(tf.stopGradient(lesson.teacher()), t));
    Operand<T> student = tf.nn.logSoftmax(tf.math.div(lesson.logits(), t));
    Operand<T> divergence =
        BatchReductions.all(tf, tf.math.mul(tf.math.exp(teacher), tf.math.sub(teacher, student)));
    return tf.math.div(
        tf.math.mul(tf.math.square(t), divergence), BatchReductions.batch(tf, lesson.logits()));
  }
}
