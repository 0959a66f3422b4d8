package org.distill4j.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/** A graph opened in ONNX Runtime; {@link #close} waits for the runs that are under way. */
final class OnnxPredictor implements Predictor {
  private final String model;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile BatchRun batchRun; // made at the first fast run; all makers make the same

  OnnxPredictor(Graph graph, OrtEnvironment environment, OrtSession session) {
    this.model = graph.name();
    this.inputs = graph.inputs();
    this.outputs = graph.outputs();
    this.environment = environment;
    this.session = session;
  }

  @Override
  public List<Value> inputs() {
    return inputs;
  }

  @Override
  public List<Value> outputs() {
    return outputs;
  }

  @Override
  public Map<String, HostTensor> run(Map<String, HostTensor> tensors) {
    Fed.check(model, inputs, tensors);
    life.readLock().lock();
    try {
      requireOpen();
      return runOpen(tensors);
    } catch (OrtException e) {
      throw failed(e);
    } finally {
      life.readLock().unlock();
    }
  }

  private Map<String, HostTensor> runOpen(Map<String, HostTensor> tensors) throws OrtException {
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (Value input : inputs) {
        String name = input.name();
        fed.put(name, OnnxArrays.toNative(environment, name, tensors.get(name)));
      }
      Map<String, HostTensor> results = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(fed)) {
        for (Map.Entry<String, OnnxValue> entry : result) {
          results.put(entry.getKey(), OnnxArrays.toHost(entry.getKey(), entry.getValue()));
        }
      }
      return results;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void run(int count, FloatBuffer input, FloatBuffer output) {
    life.readLock().lock();
    try {
      requireOpen();
      BatchRun run = batchRun;
      if (run == null) {
        run = BatchRun.of(this);
        batchRun = run;
      }
      run.run(count, input, output, this::runPinned);
    } finally {
      life.readLock().unlock();
    }
  }

  private void runPinned(BatchRun.Bound in, BatchRun.Bound out) {
    try (OnnxTensor fed = OnnxTensor.createTensor(environment, in.values(), in.shape().sizes());
        OnnxTensor pinned =
            OnnxTensor.createTensor(environment, out.values(), out.shape().sizes());
        OrtSession.Result result =
            session.run(Map.of(in.name(), fed), Map.of(out.name(), pinned))) {
      if (result.size() != 1) {
        throw new AssertionError("outputs: " + result.size() + " (expected: 1)");
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private RunFault failed(OrtException e) {
    return new RunFault("model '" + model + "': ONNX Runtime failed: " + OrtFault.line(e), e);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("model '" + model + "': is closed (expected: open)");
    }
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw failed(e);
    } finally {
      life.writeLock().unlock();
    }
  }
}
