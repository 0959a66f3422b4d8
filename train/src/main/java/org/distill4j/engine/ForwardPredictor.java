package org.distill4j.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.BatchRun;
import org.distill4j.inference.Fed;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A graph in a session of its own, forward only. */
final class ForwardPredictor implements Predictor {
  private final Graph model;
  private final org.tensorflow.Graph graph;
  private final Session session;
  private final Map<String, Placeholder<TFloat32>> inputs = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> outputs = new LinkedHashMap<>();
  private BatchRun batchRun;
  private boolean closed;

  ForwardPredictor(Graph model, int threads) {
    this.model = model;
    this.graph = new org.tensorflow.Graph();
    try {
      Ops tf = Ops.create(graph);
      Variables<TFloat32> variables = Variables.of(tf, model, TFloat32.class);
      Map<String, Operand<TFloat32>> fed = new LinkedHashMap<>();
      for (Value input : model.inputs()) {
        long[] sizes = input.shape().dims().stream().mapToLong(d -> d.size()).toArray();
        Placeholder<TFloat32> placeholder =
            tf.placeholder(
                TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(sizes)));
        inputs.put(input.name(), placeholder);
        fed.put(input.name(), placeholder);
      }
      LoweredGraph<TFloat32> lowered = Lowering.lower(tf, model, variables, fed, Mode.inference());
      model.outputs().forEach(o -> outputs.put(o.name(), lowered.output(o.name())));
      this.session = Sessions.open(graph, threads);
      variables.initialize(session);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
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
  public synchronized Map<String, HostTensor> run(Map<String, HostTensor> tensors) {
    requireOpen();
    Fed.check(model.name(), model.inputs(), tensors);
    List<NativeArray> fed = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      for (Map.Entry<String, Placeholder<TFloat32>> input : inputs.entrySet()) {
        HostTensor tensor = tensors.get(input.getKey());
        NativeArray array = new NativeArray(tensor.shape());
        fed.add(array);
        array.floats().put(tensor.floats());
        runner.feed(input.getValue(), array.tensor());
      }
      outputs.values().forEach(runner::fetch);
      Map<String, HostTensor> results = new LinkedHashMap<>();
      try (Result result = runner.run()) {
        int i = 0;
        for (String name : outputs.keySet()) {
          results.put(name, host((TFloat32) result.get(i++)));
        }
      }
      return results;
    } finally {
      fed.forEach(NativeArray::close);
    }
  }

  private static HostTensor host(TFloat32 tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.numBytes())).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(NativeArray.view(tensor));
    return HostTensor.of(DType.FLOAT32, Shape.of(tensor.shape().asArray()), bytes);
  }

  @Override
  public synchronized void run(int count, FloatBuffer input, FloatBuffer output) {
    requireOpen();
    if (batchRun == null) {
      batchRun = BatchRun.of(this);
    }
    batchRun.run(count, input, output, BatchRun.copying(this));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("model '" + model.name() + "': is closed (expected: open)");
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      session.close();
      graph.close();
    }
  }
}
