package org.distill4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.engine.lowering.StatisticUpdate;
import org.distill4j.engine.lowering.Variable;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ApplyAdam;
import org.tensorflow.op.train.ApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * The part of a training step that moves the weights.
 *
 * <p>Every update waits for all gradients and all new statistics. Without that a weight might move
 * before another gradient has read it, and results would differ from run to run.
 */
final class Updates {
  /** Added to the norm before dividing by it. */
  private static final float NORM_EPSILON = 1e-6f;

  private final Ops tf;
  private final TrainSettings settings;
  private final Map<String, Operand<TFloat32>> scalars;
  private final Slots slots;

  /**
   * Scalars fed at each step: {@code rate}, and for Adam {@code adam-rate} and {@code
   * adam-epsilon}.
   */
  Updates(Ops tf, TrainSettings settings, Map<String, Operand<TFloat32>> scalars, Slots slots) {
    this.tf = tf;
    this.settings = settings;
    this.scalars = scalars;
    this.slots = slots;
  }

  /**
   * Builds the updates.
   *
   * @param variables what is trained
   * @param gradients one for each variable
   * @param statistics what batch normalisation has seen
   * @return what a step runs
   */
  List<Op> build(
      List<Variable<TFloat32>> variables,
      List<Operand<TFloat32>> gradients,
      List<StatisticUpdate<TFloat32>> statistics) {
    List<Operand<TFloat32>> ready = new ArrayList<>(clip(gradients));
    List<Operand<TFloat32>> pulls = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Operand<TFloat32> pull = null;
      if (settings.weightDecay() > 0 && variables.get(i).decays()) {
        pull =
            tf.math.mul(
                tf.identity(variables.get(i).ref()), tf.constant((float) settings.weightDecay()));
        if (!(settings.optimizer() instanceof Optimizer.AdamW)) {
          ready.set(i, tf.math.add(ready.get(i), pull));
          pull = null;
        }
      }
      pulls.add(pull);
    }
    List<Op> before = new ArrayList<>(ready);
    pulls.stream().filter(p -> p != null).forEach(before::add);
    statistics.forEach(s -> before.add(s.value()));
    Ops after = tf.withControlDependencies(before);
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      updates.add(update(after, variables.get(i), ready.get(i), pulls.get(i)));
    }
    statistics.forEach(s -> updates.add(after.assign(s.variable().ref(), s.value())));
    return updates;
  }

  private List<Operand<TFloat32>> clip(List<Operand<TFloat32>> gradients) {
    if (settings.clipNorm() == 0) {
      return gradients;
    }
    List<Operand<TFloat32>> halves = new ArrayList<>();
    gradients.forEach(g -> halves.add(tf.nn.l2Loss(g))); // |g|² / 2
    Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2f)));
    Operand<TFloat32> factor =
        tf.math.minimum(
            tf.constant(1f),
            tf.math.div(
                tf.constant((float) settings.clipNorm()),
                tf.math.add(norm, tf.constant(NORM_EPSILON))));
    List<Operand<TFloat32>> clipped = new ArrayList<>();
    gradients.forEach(g -> clipped.add(tf.math.mul(g, factor)));
    return clipped;
  }

  private Op update(
      Ops after, Variable<TFloat32> variable, Operand<TFloat32> gradient, Operand<TFloat32> pull) {
    Optimizer optimizer = settings.optimizer();
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return descend(after, variable, gradient, sgd);
    }
    if (optimizer instanceof Optimizer.Adam adam) {
      return adam(after, variable, gradient, adam.beta1(), adam.beta2());
    }
    Optimizer.AdamW adamW = (Optimizer.AdamW) optimizer;
    if (pull == null) {
      return adam(after, variable, gradient, adamW.beta1(), adamW.beta2());
    }
    Op pulled = after.assignSub(variable.ref(), after.math.mul(pull, scalars.get("rate")));
    return adam(
        after.withControlDependencies(pulled), variable, gradient, adamW.beta1(), adamW.beta2());
  }

  private Op descend(
      Ops after, Variable<TFloat32> variable, Operand<TFloat32> gradient, Optimizer.Sgd sgd) {
    Operand<TFloat32> rate = scalars.get("rate");
    if (sgd.momentum() == 0) {
      return after.train.applyGradientDescent(variable.ref(), rate, gradient);
    }
    return after.train.applyMomentum(
        variable.ref(),
        slots.of(variable, "velocity"),
        rate,
        gradient,
        tf.constant((float) sgd.momentum()),
        ApplyMomentum.useNesterov(sgd.nesterov()));
  }

  /**
   * TensorFlow's kernel divides by {@code sqrt(v) + epsilon} where the paper divides by {@code
   * sqrt(v / (1 - b2^t)) + epsilon}; with both corrections moved into the fed rate and epsilon the
   * two are equal.
   */
  private Op adam(
      Ops after,
      Variable<TFloat32> variable,
      Operand<TFloat32> gradient,
      double beta1,
      double beta2) {
    return after.train.applyAdam(
        variable.ref(),
        slots.of(variable, "mean"),
        slots.of(variable, "square"),
        tf.constant(0f),
        tf.constant(0f),
        scalars.get("adam-rate"),
        tf.constant((float) beta1),
        tf.constant((float) beta2),
        scalars.get("adam-epsilon"),
        gradient,
        new ApplyAdam.Options[0]);
  }

  /** The scalars that a step feeds, by name. */
  static Map<String, Double> scalarsAt(TrainSettings settings, long step, long steps) {
    double rate = settings.rate().at(step, steps);
    Optimizer optimizer = settings.optimizer();
    if (optimizer instanceof Optimizer.Adam a) {
      return adamScalars(rate, a.beta1(), a.beta2(), a.epsilon(), step + 1);
    }
    if (optimizer instanceof Optimizer.AdamW a) {
      return adamScalars(rate, a.beta1(), a.beta2(), a.epsilon(), step + 1);
    }
    return Map.of("rate", rate);
  }

  private static Map<String, Double> adamScalars(
      double rate, double beta1, double beta2, double epsilon, long t) {
    double correction = Math.sqrt(1 - Math.pow(beta2, (double) t));
    return Map.of(
        "rate",
        rate,
        "adam-rate",
        rate * correction / (1 - Math.pow(beta1, (double) t)),
        "adam-epsilon",
        epsilon * correction);
  }
}
