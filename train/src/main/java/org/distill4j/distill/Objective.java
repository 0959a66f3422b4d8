package org.distill4j.distill;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.engine.Criterion;
import org.distill4j.engine.Goal;
import org.distill4j.engine.Scene;
import org.distill4j.loss.CrossEntropy;
import org.distill4j.loss.Lesson;
import org.distill4j.loss.SoftTargets;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * What a student learns from: {@code hard x cross-entropy + soft x T² x KL}.
 *
 * @param hard weight of the cross-entropy to the labels, at least 0
 * @param soft weight of the divergence from the teacher, at least 0; not both are 0
 * @param temperature how soft the teacher's and the student's probabilities are compared, greater
 *     than 0
 * @see CrossEntropy
 * @see SoftTargets
 */
public record Objective(double hard, double soft, double temperature) implements Criterion {
  static final String LABELS = "labels";
  static final String TEACHER = "teacher";

  /** Learns from labels alone. */
  public static final Objective LABELS_ONLY = new Objective(1, 0, 1);

  /** Checks the bounds. */
  public Objective {
    require(hard >= 0 && hard < Double.POSITIVE_INFINITY, "hard: " + hard + " (expected: >= 0)");
    require(soft >= 0 && soft < Double.POSITIVE_INFINITY, "soft: " + soft + " (expected: >= 0)");
    require(hard + soft > 0, "hard, soft: " + hard + ", " + soft + " (expected: one of them > 0)");
    require(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature: " + temperature + " (expected: > 0)");
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }

  /** Whether a teacher's soft labels are needed. */
  public boolean needsTeacher() {
    return soft > 0;
  }

  @Override
  public Map<String, Shape> arrays(Shape output) {
    Map<String, Shape> arrays = new LinkedHashMap<>();
    arrays.put(LABELS, output);
    if (needsTeacher()) {
      arrays.put(TEACHER, output);
    }
    return arrays;
  }

  @Override
  public Map<String, Double> scalars(long step, long steps) {
    return Map.of("hard", hard, "soft", soft, "temperature", temperature);
  }

  @Override
  public <T extends TNumber> Goal<T> build(Ops tf, Scene<T> scene) {
    Operand<T> labels = scene.array(LABELS);
    Lesson<T> lesson =
        new Lesson<>(
            scene.output(),
            labels,
            needsTeacher() ? scene.array(TEACHER) : labels,
            scene.scalar("temperature"));
    Operand<T> loss = tf.math.mul(scene.scalar("hard"), new CrossEntropy().build(tf, lesson));
    if (needsTeacher()) {
      Operand<T> divergence = new SoftTargets().build(tf, lesson);
      loss = tf.math.add(loss, tf.math.mul(scene.scalar("soft"), divergence));
    }
    return new Goal<>(loss, correct(tf, lesson), tf.sum(labels, tf.constant(new int[] {0, 1})));
  }

  /** Counts the labelled examples whose highest logit is the label's. */
  private static <T extends TNumber> Operand<T> correct(Ops tf, Lesson<T> lesson) {
    Operand<TInt64> said = tf.math.argMax(lesson.logits(), tf.constant(1));
    Operand<TInt64> meant = tf.math.argMax(lesson.labels(), tf.constant(1));
    Operand<TBool> same = tf.math.equal(said, meant);
    Operand<T> labelled = tf.sum(lesson.labels(), tf.constant(1));
    Operand<T> hits = tf.math.mul(tf.dtypes.cast(same, lesson.logits().type()), labelled);
    return tf.sum(hits, tf.constant(0));
  }
}
