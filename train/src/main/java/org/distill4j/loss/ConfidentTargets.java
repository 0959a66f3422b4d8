package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.types.family.TNumber;

/**
 * {@link SoftTargets} with a temperature for each example: higher where the teacher is surer, so
 * that what it knows of the other classes shows.
 *
 * <pre>{@code
 * c_i = max over the classes of softmax(teacher_i)
 * T_i = min(most, max(least, T + beta (c_i - mean over the batch of c)))
 * L   = mean over the batch of T_i² KL(softmax(teacher_i / T_i) ‖ softmax(student_i / T_i))
 * }</pre>
 *
 * <p>T_i² stands inside the mean: each example's gradient keeps its size.
 *
 * @param beta how much a surer answer is softened, at least 0
 * @param least no T_i is lower, greater than 0
 * @param most no T_i is higher
 */
public record ConfidentTargets(double beta, double least, double most) implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Class<T> type = lesson.logits().type();
    Operand<T> teacher = tf.stopGradient(lesson.teacher());
    Operand<T> sure =
        tf.max(tf.nn.softmax(teacher), tf.constant(new int[] {1}), Max.keepDims(true));
    Operand<T> mean = tf.math.mean(sure, tf.constant(new int[] {0, 1}));
    Operand<T> above = tf.math.mul(tf.math.sub(sure, mean), tf.constant(type, beta));
    Operand<T> t =
        tf.clipByValue(
            tf.math.add(above, lesson.temperature()),
            tf.constant(type, least),
            tf.constant(type, most)); // [B, 1]
    Operand<T> told = tf.nn.logSoftmax(tf.math.div(teacher, t));
    Operand<T> said = tf.nn.logSoftmax(tf.math.div(lesson.logits(), t));
    Operand<T> terms = tf.math.mul(tf.math.exp(told), tf.math.sub(told, said));
    Operand<T> sum = BatchReductions.all(tf, tf.math.mul(tf.math.square(t), terms));
    return tf.math.div(sum, BatchReductions.batch(tf, lesson.logits()));
  }
}
