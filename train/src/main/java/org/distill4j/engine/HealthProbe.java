package org.distill4j.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.engine.lowering.TensorFlowGraph;
import org.distill4j.engine.lowering.Variable;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.progress.LayerHealth;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Shows whether the layers of a model in training are alive. It stands beside the step on the same
 * operations and costs nothing until it is fetched.
 */
final class HealthProbe {
  private final Ops tf;
  private final List<String> layers = new ArrayList<>();
  private final List<Operand<TFloat32>> numbers = new ArrayList<>(); // three per layer

  /**
   * @param training the model as it is trained
   * @param gradients one for each of {@code trained}
   */
  HealthProbe(
      Ops tf,
      Graph model,
      TensorFlowGraph<TFloat32> training,
      List<Variable<TFloat32>> trained,
      List<Operand<TFloat32>> gradients) {
    this.tf = tf.withSubScope("health");
    Operand<TFloat32> none = this.tf.constant(Float.NaN);
    for (int i = 0; i < trained.size(); i++) {
      if (trained.get(i).decays()) { // neither biases nor norms
        layers.add(trained.get(i).name());
        numbers.add(none);
        numbers.add(rootMeanSquare(gradients.get(i)));
        numbers.add(rootMeanSquare(trained.get(i).value()));
      }
    }
    for (Node node : model.nodes()) {
      if (node.op().equals("Relu")) {
        layers.add(node.name());
        numbers.add(dead(training.value(node.output())));
        numbers.add(none);
        numbers.add(none);
      }
    }
  }

  private Operand<TFloat32> rootMeanSquare(Operand<TFloat32> array) {
    Operand<TFloat32> flat = tf.reshape(array, tf.constant(new int[] {-1}));
    return tf.math.sqrt(tf.math.mean(tf.math.square(flat), tf.constant(0)));
  }

  /** A unit is a number of [batch, units] and a channel of [batch, channels, ...]. */
  private Operand<TFloat32> dead(Operand<TFloat32> activations) {
    int rank = activations.shape().numDimensions();
    int[] within = new int[Math.max(1, rank - 1)];
    for (int axis = 2; axis < rank; axis++) {
      within[axis - 1] = axis;
    }
    Operand<TFloat32> highest = tf.max(activations, tf.constant(within));
    Operand<TFloat32> zero = tf.constant(0f);
    return tf.math.mean(
        tf.dtypes.cast(tf.math.lessEqual(highest, zero), TFloat32.class), tf.constant(0));
  }

  /** Whether there is anything to look at. */
  boolean isEmpty() {
    return layers.isEmpty();
  }

  /** All numbers in a row, three per layer. */
  Operand<TFloat32> fetch() {
    return tf.stack(numbers);
  }

  /** What the fetched numbers say. */
  List<LayerHealth> read(FloatBuffer fetched) {
    List<LayerHealth> health = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      health.add(
          new LayerHealth(
              layers.get(i), fetched.get(3 * i), fetched.get(3 * i + 1), fetched.get(3 * i + 2)));
    }
    return health;
  }
}
