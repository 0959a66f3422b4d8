package org.distill4j.quantize.prepare;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Random examples, and what models say of them in ONNX Runtime. */
public final class Noise {
  private Noise() {}

  public static Dataset of(Shape shape, int examples) {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    float[][] values = new float[examples][(int) shape.elements()];
    for (float[] row : values) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    List<String> classes = IntStream.range(0, 10).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("noise", shape, classes, values, new int[examples], Preprocessing.NONE);
  }

  static ActivationPass run(Dataset data) {
    return new ActivationPass(new Preprocessed(data, Preprocessing.NONE), data.size(), 1);
  }

  public static float[] answers(Graph graph, Dataset data) {
    return answers(new OnnxRuntime(), graph, data);
  }

  /** What a runtime says of a model, all examples in one batch. */
  public static float[] answers(InferenceRuntime runtime, Graph graph, Dataset data) {
    int n = (int) data.size();
    float[] values = new float[(int) (n * data.shape().elements())];
    FloatBuffer target = FloatBuffer.wrap(values);
    for (int i = 0; i < n; i++) {
      data.read(i, target);
    }
    try (Predictor predictor = runtime.open(graph, 1)) {
      return predictor
          .run(
              Map.of(
                  graph.onlyInput().name(),
                  HostTensor.ofFloats(data.shape().prepend(Dim.of(n)), values)))
          .get(graph.onlyOutput().name())
          .toFloats();
    }
  }

  /** The largest difference of two models' answers, as a share of the largest answer. */
  public static double difference(Graph a, Graph b, Dataset data) {
    return difference(answers(a, data), answers(b, data));
  }

  /** The same of a runtime's answers and ONNX Runtime's. */
  public static double difference(Graph graph, InferenceRuntime runtime, Dataset data) {
    return difference(answers(graph, data), answers(runtime, graph, data));
  }

  /** The largest difference, as a share of the largest number. */
  public static double difference(float[] first, float... second) {
    double most = 0;
    double largest = 0;
    for (int i = 0; i < first.length; i++) {
      largest = Math.max(largest, Math.abs(first[i]));
      most = Math.max(most, Math.abs(first[i] - second[i]));
    }
    return most / largest;
  }
}
