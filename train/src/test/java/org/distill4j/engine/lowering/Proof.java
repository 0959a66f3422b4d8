package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The two proofs that every lowering passes. */
final class Proof {
  private static final int BATCH = 2;
  private static final int MOST_ELEMENTS = 20;
  private static final double H = 1e-5;

  private Proof() {}

  /** Forward within 1e-4 of ONNX Runtime, and gradients as finite differences say. */
  static void check(Graph graph) {
    equalsOnnxRuntime(graph);
    gradientsEqualDifferences(graph);
  }

  static void equalsOnnxRuntime(Graph graph) {
    Map<String, HostTensor> feeds = LoweredRun.feeds(graph, BATCH, 1);
    try (LoweredRun<TFloat32> run = LoweredRun.inference(graph)) {
      List<Operand<TFloat32>> outputs =
          graph.outputs().stream().map(o -> run.lowered.output(o.name())).toList();
      List<double[]> expected = LoweredRun.onnxRuntime(graph, feeds);
      List<double[]> found = run.run(feeds, outputs);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).as(graph.name()).containsExactly(expected.get(i), within(1e-4));
      }
    }
  }

  /**
   * Lowered for training, the gradient of a random weighting of all outputs with respect to inputs
   * and variables equals central differences in float64; the float32 kernels give the same.
   */
  static void gradientsEqualDifferences(Graph graph) {
    Map<String, HostTensor> feeds = new LinkedHashMap<>();
    LoweredRun.feeds(graph, BATCH, 1).forEach((k, v) -> feeds.put(k, LoweredRun.widened(v)));
    List<double[]> exact;
    try (LoweredRun<TFloat64> run = LoweredRun.training(graph, TFloat64.class)) {
      Operand<TFloat64> loss = loss(run, graph);
      List<Operand<TFloat64>> at = differentiable(run, graph);
      exact = run.run(feeds, gradients(run, loss, at));
      List<double[]> points = new ArrayList<>();
      graph.inputs().forEach(input -> points.add(feeds.get(input.name()).toDoubles()));
      points.addAll(
          run.run(feeds, run.variables.trainable().stream().map(Variable::value).toList()));
      for (int t = 0; t < at.size(); t++) {
        compare(run, graph, feeds, loss, t, points.get(t), exact.get(t));
      }
    }
    try (LoweredRun<TFloat32> run = LoweredRun.training(graph, TFloat32.class)) {
      Operand<TFloat32> loss = loss(run, graph);
      List<double[]> found = run.run(feeds, gradients(run, loss, differentiable(run, graph)));
      for (int t = 0; t < exact.size(); t++) {
        assertThat(found.get(t))
            .as("%s: float32 gradient %d", graph.name(), t)
            .containsExactly(exact.get(t), within(1e-3));
      }
    }
  }

  private static void compare(
      LoweredRun<TFloat64> run,
      Graph graph,
      Map<String, HostTensor> feeds,
      Operand<TFloat64> loss,
      int index,
      double[] point,
      double[] gradient) {
    Operand<TFloat64> fed = values(run, graph).get(index);
    int step = Math.max(1, point.length / MOST_ELEMENTS);
    for (int i = 0; i < point.length; i += step) {
      double[] values = point.clone();
      values[i] = point[i] + H;
      double above = run.run(feeds, fed, values, loss);
      values[i] = point[i] - H;
      double below = run.run(feeds, fed, values, loss);
      double difference = (above - below) / (2 * H);
      assertThat(gradient[i])
          .as("%s: gradient of tensor %d at element %d", graph.name(), index, i)
          .isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
    }
  }

  /** The sum of all outputs' elements, each times a number in -1..1. */
  private static <T extends TFloating> Operand<T> loss(LoweredRun<T> run, Graph graph) {
    Ops tf = run.tf;
    List<Operand<T>> terms = new ArrayList<>();
    Map<String, Shape> inputs = new LinkedHashMap<>();
    LoweredRun.feeds(graph, BATCH, 1).forEach((name, tensor) -> inputs.put(name, tensor.shape()));
    Shapes shapes = ShapeInference.infer(graph, inputs);
    for (Value output : graph.outputs()) {
      Operand<T> y = run.lowered.output(output.name());
      HostTensor weights = LoweredRun.spread(shapes.shape(output.name()), 5);
      try (T copy = ArrayCopy.toTensorFlow(weights, run.variables.type())) {
        Operand<T> weighted = tf.math.mul(y, tf.constantOf(copy));
        terms.add(tf.sum(tf.reshape(weighted, tf.constant(new int[] {-1})), tf.constant(0)));
      }
    }
    return tf.math.addN(terms);
  }

  private static <T extends TFloating> List<Operand<T>> differentiable(
      LoweredRun<T> run, Graph graph) {
    List<Operand<T>> all = new ArrayList<>();
    graph.inputs().forEach(input -> all.add(run.input(input.name())));
    run.variables.trainable().forEach(variable -> all.add(variable.ref()));
    return all;
  }

  /** What is fed to move a differentiable value: inputs, and what variables are read as. */
  private static <T extends TFloating> List<Operand<T>> values(LoweredRun<T> run, Graph graph) {
    List<Operand<T>> all = new ArrayList<>();
    graph.inputs().forEach(input -> all.add(run.input(input.name())));
    run.variables.trainable().forEach(variable -> all.add(variable.value()));
    return all;
  }

  private static <T extends TFloating> List<Operand<T>> gradients(
      LoweredRun<T> run, Operand<T> loss, List<Operand<T>> at) {
    var gradients = run.tf.gradients(loss, at);
    List<Operand<T>> all = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      all.add(gradients.dy(i));
    }
    return all;
  }
}
