package org.distill4j.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Two runtimes on the same random inputs. */
public final class Parities {
  private Parities() {}

  /** Inputs in -1..1 for every input of a model. */
  public static Map<String, HostTensor> inputs(Graph graph, int batch) {
    SplittableRandom random = new SplittableRandom(Seeds.of(7));
    Map<String, HostTensor> inputs = new HashMap<>();
    for (Value input : graph.inputs()) {
      Shape shape = input.shape();
      if (!shape.dim(0).isKnown()) {
        shape = shape.with(0, Dim.of(batch));
      }
      float[] values = new float[Math.toIntExact(shape.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (2 * random.nextDouble() - 1);
      }
      inputs.put(input.name(), HostTensor.ofFloats(shape, values));
    }
    return inputs;
  }

  /** The largest difference of any output between a predictor and ONNX Runtime. */
  public static double difference(Graph graph, Predictor other, int batch) {
    Map<String, HostTensor> inputs = inputs(graph, batch);
    Map<String, HostTensor> expected;
    try (Predictor onnx = new OnnxRuntime().open(graph, 1)) {
      expected = onnx.run(inputs);
    }
    Map<String, HostTensor> found = other.run(inputs);
    double most = 0;
    for (Value output : graph.outputs()) {
      HostTensor want = expected.get(output.name());
      HostTensor got = found.get(output.name());
      if (!want.shape().equals(got.shape())) {
        throw new AssertionError(output.name() + ": " + got + " (expected: " + want + ")");
      }
      double[] a = want.toDoubles();
      double[] b = got.toDoubles();
      for (int i = 0; i < a.length; i++) {
        most = Math.max(most, Double.isNaN(b[i]) ? Double.MAX_VALUE : Math.abs(a[i] - b[i]));
      }
    }
    return most;
  }
}
