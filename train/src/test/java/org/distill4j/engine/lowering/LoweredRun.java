package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/** One lowered graph in a session of its own, with its inputs fed by name. */
final class LoweredRun<T extends TFloating> implements AutoCloseable {
  /** Seed and step fed in training. */
  static final long[] SEED_AND_STEP = {7, 3};

  final org.tensorflow.Graph tensorFlow = new org.tensorflow.Graph();
  final Ops tf = Ops.create(tensorFlow);
  final Variables<T> variables;
  final TensorFlowGraph<T> lowered;
  final Session session;
  private final Map<String, Placeholder<T>> inputs = new LinkedHashMap<>();
  private final Placeholder<TInt64> seedAndStep;

  static {
    TensorFlowNatives.load();
  }

  private LoweredRun(Graph graph, Class<T> type, boolean training) {
    variables = TensorFlowLowering.variables(tf, graph, type);
    Map<String, Operand<T>> operands = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      long[] dims = input.shape().dims().stream().mapToLong(d -> d.size()).toArray();
      Placeholder<T> fed =
          tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.of(dims)));
      inputs.put(input.name(), fed);
      operands.put(input.name(), fed);
    }
    seedAndStep =
        tf.placeholder(TInt64.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(2)));
    LoweringMode mode = training ? LoweringMode.training(seedAndStep) : LoweringMode.inference();
    lowered = TensorFlowLowering.lower(tf, graph, variables, operands, mode);
    session = new Session(tensorFlow);
    variables.initialize(session);
  }

  static LoweredRun<TFloat32> inference(Graph graph) {
    return new LoweredRun<>(graph, TFloat32.class, false);
  }

  static <T extends TFloating> LoweredRun<T> training(Graph graph, Class<T> type) {
    return new LoweredRun<>(graph, type, true);
  }

  static <T extends TFloating> LoweredRun<T> of(Graph graph, Class<T> type, boolean training) {
    return new LoweredRun<>(graph, type, training);
  }

  Operand<T> input(String name) {
    return inputs.get(name);
  }

  /** Values of operands, as doubles. */
  List<double[]> run(Map<String, HostTensor> feeds, List<? extends Operand<T>> fetches) {
    List<TType> fed = new ArrayList<>();
    try (TInt64 seed = TInt64.vectorOf(SEED_AND_STEP)) {
      Session.Runner runner = session.runner().feed(seedAndStep, seed);
      feeds.forEach(
          (name, tensor) -> {
            T copy = ArrayCopy.toTensorFlow(tensor, variables.type());
            fed.add(copy);
            runner.feed(inputs.get(name), copy);
          });
      if (fetches.isEmpty()) {
        return List.of();
      }
      fetches.forEach(runner::fetch);
      List<double[]> values = new ArrayList<>();
      try (Result result = runner.run()) {
        for (int i = 0; i < fetches.size(); i++) {
          values.add(doubles(result.get(i)));
        }
      }
      return values;
    } finally {
      fed.forEach(TType::close);
    }
  }

  /** One number, with another value of an operand than the graph computes. */
  double run(Map<String, HostTensor> feeds, Operand<T> changed, double[] values, Operand<T> fetch) {
    List<TType> fed = new ArrayList<>();
    Shape shape = Shape.of(concrete(changed, values.length));
    try (TInt64 seed = TInt64.vectorOf(SEED_AND_STEP);
        T other = ArrayCopy.toTensorFlow(HostTensor.ofDoubles(shape, values), variables.type())) {
      Session.Runner runner = session.runner().feed(seedAndStep, seed).feed(changed, other);
      feeds.forEach(
          (name, tensor) -> {
            if (inputs.get(name) != changed) {
              T copy = ArrayCopy.toTensorFlow(tensor, variables.type());
              fed.add(copy);
              runner.feed(inputs.get(name), copy);
            }
          });
      try (Result result = runner.fetch(fetch).run()) {
        return doubles(result.get(0))[0];
      }
    } finally {
      fed.forEach(TType::close);
    }
  }

  private static long[] concrete(Operand<?> operand, int elements) {
    long[] sizes = operand.shape().asArray().clone();
    long known = 1;
    for (long size : sizes) {
      known *= Math.max(1, size);
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] < 0 ? elements / known : sizes[i];
    }
    return sizes;
  }

  private static double[] doubles(org.tensorflow.Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat32) {
      float[] floats = new float[values.length];
      tensor.asRawTensor().data().asFloats().read(floats);
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    } else {
      tensor.asRawTensor().data().asDoubles().read(values);
    }
    return values;
  }

  /** The graph's outputs in ONNX Runtime, in order. */
  static List<double[]> onnxRuntime(Graph graph, Map<String, HostTensor> feeds) {
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      Map<String, HostTensor> results = predictor.run(feeds);
      return graph.outputs().stream().map(o -> results.get(o.name()).toDoubles()).toList();
    }
  }

  /** An input for each of a graph, a symbolic extent being {@code batch}. */
  static Map<String, HostTensor> feeds(Graph graph, int batch, long seed) {
    Map<String, HostTensor> feeds = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      long[] sizes =
          input.shape().dims().stream().mapToLong(d -> d.isKnown() ? d.size() : batch).toArray();
      feeds.put(input.name(), spread(Shape.of(sizes), seed + feeds.size()));
    }
    return feeds;
  }

  /**
   * Numbers in -1..1 in random order, of which no two are closer than 2 / n and none nearer to 0
   * than 1 / n: away from the kinks of Relu and MaxPool.
   */
  static HostTensor spread(Shape shape, long seed) {
    int n = Math.toIntExact(shape.elements());
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add((2 * i + 1 - n + (n % 2 == 0 ? 0 : 0.5f)) / n);
    }
    java.util.Collections.shuffle(values, new Random(seed));
    float[] array = new float[n];
    for (int i = 0; i < n; i++) {
      array[i] = values.get(i);
    }
    return HostTensor.ofFloats(shape, array);
  }

  /** The same tensor with float64 elements. */
  static HostTensor widened(HostTensor tensor) {
    return tensor.type() == DType.FLOAT64
        ? tensor
        : HostTensor.ofDoubles(tensor.shape(), tensor.toDoubles());
  }

  @Override
  public void close() {
    session.close();
    tensorFlow.close();
  }
}
