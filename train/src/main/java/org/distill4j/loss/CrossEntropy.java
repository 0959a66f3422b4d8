package org.distill4j.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Cross-entropy to the hard labels that the student may see.
 *
 * <pre>{@code L = mean over the labelled examples of the batch of -log softmax(student)[label]}
 * </pre>
 *
 * <p>With weights of the classes it is the mean weighted by that of the example's class.
 *
 * <p>The mean is over those examples alone, not over the batch: a batch with few labels weighs them
 * as a batch with many does, so the weight of the hard loss keeps its meaning however scarce labels
 * are. A batch without any gives 0.
 */
public record CrossEntropy() implements Loss {
  @Override
  public <T extends TNumber> Operand<T> build(Ops tf, LossInputs<T> lesson) {
    Operand<T> labels =
        lesson
            .weights()
            .map(w -> (Operand<T>) tf.math.mul(lesson.labels(), w))
            .orElse(lesson.labels());
    Operand<T> surprise =
        tf.math.neg(
            BatchReductions.all(tf, tf.math.mul(labels, tf.nn.logSoftmax(lesson.logits()))));
    return tf.math.divNoNan(surprise, BatchReductions.all(tf, labels));
  }
}
