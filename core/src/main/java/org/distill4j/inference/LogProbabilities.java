package org.distill4j.inference;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/**
 * A model's probabilities as their logarithms, whose softmax are the probabilities again. Those
 * below 1e-7 count as 1e-7: they were rounded to that, or to 0.
 */
final class LogProbabilities implements Predictor {
  private static final float LEAST = 1e-7f;

  private final Predictor model;
  private long each; // numbers of one result; 0 as long as nobody asked

  /** Of a model that gives probabilities alone. */
  LogProbabilities(Predictor model) {
    this.model = model;
  }

  private static float log(float probability) {
    return (float) Math.log(Math.max(probability, LEAST));
  }

  @Override
  public List<Value> inputs() {
    return model.inputs();
  }

  @Override
  public List<Value> outputs() {
    return model.outputs();
  }

  @Override
  public Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
    Map<String, HostTensor> logits = new LinkedHashMap<>();
    model
        .run(inputs)
        .forEach(
            (name, probabilities) -> {
              float[] values = probabilities.toFloats();
              for (int i = 0; i < values.length; i++) {
                values[i] = log(values[i]);
              }
              logits.put(name, HostTensor.ofFloats(probabilities.shape(), values));
            });
    return logits;
  }

  @Override
  public void run(int count, FloatBuffer input, FloatBuffer output) {
    model.run(count, input, output);
    int numbers = Math.toIntExact(count * each());
    for (int i = 0; i < numbers; i++) {
      output.put(i, log(output.get(i)));
    }
  }

  private synchronized long each() {
    if (each == 0) {
      each = model.resultShape().elements();
    }
    return each;
  }

  @Override
  public void close() {
    model.close();
  }
}
