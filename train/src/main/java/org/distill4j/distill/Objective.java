package org.distill4j.distill;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.engine.CriterionInputs;
import org.distill4j.engine.CriterionOutputs;
import org.distill4j.engine.TrainingCriterion;
import org.distill4j.loss.ConfidentTargets;
import org.distill4j.loss.CrossEntropy;
import org.distill4j.loss.Loss;
import org.distill4j.loss.LossInputs;
import org.distill4j.loss.SoftTargets;
import org.distill4j.schedule.Confidence;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.Schedule;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * The distillation objective of a student: {@code hard x cross-entropy + soft x T² x KL}.
 *
 * <p>Each of the three may move over the run. A constant weight is at least 0, one that moves stays
 * within 0..1; a constant T is greater than 0, one that moves at least 1.
 *
 * @param hard weight of the cross-entropy to the labels
 * @param soft weight of the divergence from the teacher; not both are 0 throughout
 * @param temperature how soft the teacher's and the student's probabilities are compared
 * @see CrossEntropy
 * @see SoftTargets
 * @see ConfidentTargets
 */
@DigestedAs("Objective[hard, soft, temperature]")
public record Objective(Schedule hard, Schedule soft, Schedule temperature)
    implements TrainingCriterion {
  static final String LABELS = "labels";
  static final String TEACHER = "teacher";

  /** Learns from labels alone. */
  public static final Objective LABELS_ONLY = new Objective(1, 0, 1);

  /** Checks the bounds. */
  public Objective {
    requireWeight("hard", hard);
    requireWeight("soft", soft);
    require(
        hard.most() + soft.most() > 0,
        "hard, soft: %s, %s (expected: one of them > 0)".formatted(hard.says(), soft.says()));
    boolean still = temperature instanceof Constant;
    require(
        temperature.least() >= (still ? Double.MIN_VALUE : 1)
            && temperature.most() < Double.POSITIVE_INFINITY,
        "temperature: %s (expected: %s)"
            .formatted(temperature.says(), still ? "> 0" : "T >= 1 throughout"));
  }

  /** The same weights at another temperature. */
  public Objective temperature(Schedule other) {
    return new Objective(hard, soft, other);
  }

  /** The same weights and the same temperature throughout. */
  public Objective(double hard, double soft, double temperature) {
    this(new Constant(hard), new Constant(soft), new Constant(temperature));
  }

  private static void requireWeight(String name, Schedule weight) {
    boolean still = weight instanceof Constant;
    require(
        weight.least() >= 0
            && (still ? weight.most() < Double.POSITIVE_INFINITY : weight.most() <= 1),
        "%s: %s (expected: %s)"
            .formatted(name, weight.says(), still ? ">= 0" : "0 to 1 throughout"));
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }

  /** Whether a teacher's soft labels are needed. */
  public boolean needsTeacher() {
    return soft.most() > 0;
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
    return Map.of(
        "hard", hard.at(step, steps),
        "soft", soft.at(step, steps),
        "temperature", temperature.at(step, steps));
  }

  @Override
  public <T extends TNumber> CriterionOutputs<T> build(Ops tf, CriterionInputs<T> scene) {
    Operand<T> labels = scene.array(LABELS);
    LossInputs<T> lesson =
        new LossInputs<>(
            scene.output(),
            labels,
            needsTeacher() ? scene.array(TEACHER) : labels,
            scene.scalar("temperature"));
    Operand<T> loss = tf.math.mul(scene.scalar("hard"), new CrossEntropy().build(tf, lesson));
    if (needsTeacher()) {
      Operand<T> divergence = softLoss().build(tf, lesson);
      loss = tf.math.add(loss, tf.math.mul(scene.scalar("soft"), divergence));
    }
    return new CriterionOutputs<>(
        loss, correct(tf, lesson), tf.sum(labels, tf.constant(new int[] {0, 1})));
  }

  /** How the teacher is heard where an example has one class of several. */
  Loss softLoss() {
    return temperature instanceof Confidence c
        ? new ConfidentTargets(c.beta(), Confidence.LEAST, Confidence.MOST)
        : new SoftTargets();
  }

  /** Counts the labelled examples whose highest logit is the label's. */
  static <T extends TNumber> Operand<T> correct(Ops tf, LossInputs<T> lesson) {
    Operand<TInt64> said = tf.math.argMax(lesson.logits(), tf.constant(1));
    Operand<TInt64> meant = tf.math.argMax(lesson.labels(), tf.constant(1));
    Operand<TBool> same = tf.math.equal(said, meant);
    Operand<T> labelled = tf.sum(lesson.labels(), tf.constant(1));
    Operand<T> hits = tf.math.mul(tf.dtypes.cast(same, lesson.logits().type()), labelled);
    return tf.sum(hits, tf.constant(0));
  }
}
