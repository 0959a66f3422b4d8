package org.distill4j.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The engine's own forward pass, for validation while training and for parity with other runtimes.
 */
final class EnginePredictor implements Predictor {
  private final Graph model;
  private final Session session;
  private final Placeholder<TFloat32> input;
  private final Operand<TFloat32> output;
  private final Shape example;

  EnginePredictor(
      Graph model, Session session, Placeholder<TFloat32> input, Operand<TFloat32> output) {
    this.model = model;
    this.session = session;
    this.input = input;
    this.output = output;
    this.example = model.onlyInput().shape().dropFirst();
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
    HostTensor in = inputs.get(model.onlyInput().name());
    if (in == null || inputs.size() != 1) {
      throw new IllegalArgumentException(
          "inputs: " + inputs.keySet() + " (expected: [" + model.onlyInput().name() + "])");
    }
    int count = Math.toIntExact(in.shape().size(0));
    try (TFloat32 out = forward(count, in.floats())) {
      return Map.of(model.onlyOutput().name(), ForwardPredictor.host(out));
    }
  }

  @Override
  public void run(int count, FloatBuffer in, FloatBuffer out) {
    try (TFloat32 result = forward(count, in.duplicate().clear())) {
      out.duplicate().clear().put(NativeArray.view(result));
    }
  }

  private TFloat32 forward(int count, FloatBuffer values) {
    try (NativeArray array = new NativeArray(example.prepend(Dim.of(count)))) {
      FloatBuffer all = array.floats();
      all.put(values.slice(values.position(), all.limit()));
      return (TFloat32) session.runner().feed(input, array.tensor()).fetch(output).run().get(0);
    }
  }

  /** The training it belongs to owns the session. */
  @Override
  public void close() {}
}
