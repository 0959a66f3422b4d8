package org.distill4j.distill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.engine.CriterionInputs;
import org.distill4j.engine.CriterionOutputs;
import org.distill4j.engine.TrainingCriterion;
import org.distill4j.graph.TaskType;
import org.distill4j.loss.BinaryCrossEntropy;
import org.distill4j.loss.CrossEntropy;
import org.distill4j.loss.Loss;
import org.distill4j.loss.LossInputs;
import org.distill4j.loss.SoftBinaryTargets;
import org.distill4j.loss.SoftSquaredError;
import org.distill4j.loss.SoftTargets;
import org.distill4j.loss.SquaredError;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TNumber;

/**
 * An objective with the losses that suit a task, which decides them alone: nobody can compare
 * numbers by a softmax.
 *
 * <table>
 *   <caption>The losses</caption>
 *   <tr><th>task</th><th>hard</th><th>soft</th></tr>
 *   <tr><td>single label</td><td>{@link CrossEntropy}</td><td>{@link SoftTargets}</td></tr>
 *   <tr><td>several labels</td><td>{@link BinaryCrossEntropy}</td><td>{@link SoftBinaryTargets}</td></tr>
 *   <tr><td>regression</td><td>{@link SquaredError}</td><td>{@link SoftSquaredError}</td></tr>
 * </table>
 *
 * @param objective the weights and the temperature
 * @param weights of the classes or the numbers in the hard loss, and of numbers in the soft one
 *     too; none: all the same
 */
record TaskObjective(Objective objective, TaskType task, List<Double> weights)
    implements TrainingCriterion {
  /** Which examples' labels may be seen, [B, 1]. */
  static final String LABELLED = "labelled";

  @Override
  public Map<String, Shape> arrays(Shape output) {
    Map<String, Shape> arrays = new LinkedHashMap<>(objective.arrays(output));
    if (hasMask()) {
      arrays.put(LABELLED, Shape.of(1));
    }
    return arrays;
  }

  private boolean hasMask() {
    return task != TaskType.SINGLE_LABEL;
  }

  @Override
  public Map<String, Double> scalars(long step, long steps) {
    return objective.scalars(step, steps);
  }

  @Override
  public <T extends TNumber> CriterionOutputs<T> build(Ops tf, CriterionInputs<T> scene) {
    Operand<T> labels = scene.array(Objective.LABELS);
    LossInputs<T> lesson =
        new LossInputs<>(
            scene.output(),
            labels,
            objective.needsTeacher() ? scene.array(Objective.TEACHER) : labels,
            scene.scalar("temperature"),
            hasMask() ? Optional.of(scene.array(LABELLED)) : Optional.empty(),
            weights.isEmpty() ? Optional.empty() : Optional.of(weights(tf, labels)));
    Operand<T> loss = tf.math.mul(scene.scalar("hard"), hard().build(tf, lesson));
    if (objective.needsTeacher()) {
      loss = tf.math.add(loss, tf.math.mul(scene.scalar("soft"), soft().build(tf, lesson)));
    }
    return goal(tf, loss, lesson);
  }

  private <T extends TNumber> Operand<T> weights(Ops tf, Operand<T> labels) {
    double[] numbers = weights.stream().mapToDouble(w -> w).toArray();
    return tf.dtypes.cast(tf.constant(numbers), labels.type());
  }

  private Loss hard() {
    return switch (task) {
      case SINGLE_LABEL -> new CrossEntropy();
      case MULTI_LABEL -> new BinaryCrossEntropy();
      case REGRESSION -> new SquaredError();
    };
  }

  private Loss soft() {
    return switch (task) {
      case SINGLE_LABEL -> objective.softLoss();
      case MULTI_LABEL -> new SoftBinaryTargets();
      case REGRESSION -> new SoftSquaredError();
    };
  }

  /** Of several labels each counts as a part of its example; numbers are not counted. */
  private <T extends TNumber> CriterionOutputs<T> goal(
      Ops tf, Operand<T> loss, LossInputs<T> lesson) {
    Operand<T> labels = lesson.labels();
    Operand<T> zero = tf.math.mul(loss, tf.zerosLike(loss));
    return switch (task) {
      case SINGLE_LABEL ->
          new CriterionOutputs<>(
              loss, Objective.correct(tf, lesson), tf.sum(labels, tf.constant(new int[] {0, 1})));
      case MULTI_LABEL -> {
        Operand<T> labelled = lesson.labelled().orElseThrow();
        Operand<T> none = tf.zerosLike(labels);
        Operand<TBool> said = tf.math.greater(lesson.logits(), none);
        Operand<TBool> has = tf.math.greater(labels, none);
        Operand<T> same = tf.dtypes.cast(tf.math.equal(said, has), labels.type());
        Operand<T> hits =
            tf.math.mul(
                tf.math.mean(same, tf.constant(new int[] {1})),
                tf.squeeze(labelled, Squeeze.axis(List.of(1L))));
        yield new CriterionOutputs<>(
            loss,
            tf.sum(hits, tf.constant(new int[] {0})),
            tf.sum(labelled, tf.constant(new int[] {0, 1})));
      }
      case REGRESSION -> new CriterionOutputs<>(loss, zero, zero);
    };
  }
}
