package org.distill4j.distill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.distill4j.engine.FeedBatch;
import org.distill4j.engine.Training;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensorflow.TensorFlowNatives;

/**
 * A task of which the first batches are looked at and no step is taken.
 *
 * @param task whose weights stay as they are
 * @param batches how many are looked at, at least 1
 */
record GradientProbe(TrainingSpec task, int batches) {
  private static final String NORM = "BatchNormalization";

  GradientProbe {
    if (batches < 1) {
      throw new IllegalArgumentException("batches: " + batches + " (expected: >= 1)");
    }
  }

  void gradients(Consumer<Map<String, HostTensor>> taker) {
    each(task.net(), Training::gradients, taker);
  }

  /**
   * Each mean is that of the batches' means; each variance the mean of the batches' variances plus
   * the variance of their means, which is the variance over all of the examples.
   */
  Graph renormalized() {
    Graph forgetful = forgetful(task.net());
    List<Map<String, HostTensor>> seen = new ArrayList<>();
    if (task.net().nodes().stream().anyMatch(n -> n.op().equals(NORM))) {
      each(forgetful, Training::statistics, seen::add);
    }
    Map<String, HostTensor> statistics = new LinkedHashMap<>();
    for (Node node : task.net().nodes()) {
      String mean = node.input(3);
      String variance = node.input(4);
      if (node.op().equals(NORM) && seen.get(0).containsKey(mean)) {
        double[][] means = of(seen, mean);
        double[][] variances = of(seen, variance);
        statistics.put(mean, floats(seen.get(0).get(mean), average(means)));
        statistics.put(
            variance, floats(seen.get(0).get(variance), sum(average(variances), spread(means))));
      }
    }
    return task.net().withInitializers(statistics);
  }

  /** The net whose statistics are those of the last batch alone. */
  private static Graph forgetful(Graph net) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : net.nodes()) {
      Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
      if (node.op().equals(NORM)) {
        attributes.put("momentum", Attribute.of(0f));
      }
      nodes.add(node.withAttributes(attributes));
    }
    return new Graph(
        net.name(), net.inputs(), net.outputs(), nodes, net.initializers(), net.metadata());
  }

  private void each(
      Graph net,
      BiFunction<Training, FeedBatch, Map<String, HostTensor>> look,
      Consumer<Map<String, HostTensor>> taker) {
    TensorFlowNatives.load();
    BatchComposer course = task.course();
    try (Training training =
            Training.open(
                net,
                task.criterion(),
                task.settings(),
                course.batch(),
                task.threads(),
                task.seed());
        Batches prepared = Batches.start(task, course, training::newBatch, 0, batches)) {
      for (int i = 0; i < batches; i++) {
        FeedBatch batch = prepared.take();
        taker.accept(look.apply(training, batch));
        prepared.release(batch);
      }
    }
  }

  private static double[][] of(List<Map<String, HostTensor>> seen, String name) {
    return seen.stream().map(s -> s.get(name).toDoubles()).toArray(double[][]::new);
  }

  private static double[] average(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += row[c] / rows.length;
      }
    }
    return mean;
  }

  private static double[] spread(double[][] rows) {
    double[] mean = average(rows);
    double[] squares = new double[mean.length];
    for (double[] row : rows) {
      for (int c = 0; c < mean.length; c++) {
        squares[c] += (row[c] - mean[c]) * (row[c] - mean[c]) / rows.length;
      }
    }
    return squares;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int c = 0; c < a.length; c++) {
      sum[c] = a[c] + b[c];
    }
    return sum;
  }

  private static HostTensor floats(HostTensor like, double[] values) {
    float[] narrow = new float[values.length];
    for (int c = 0; c < values.length; c++) {
      narrow[c] = (float) values[c];
    }
    return HostTensor.ofFloats(like.shape(), narrow);
  }
}
