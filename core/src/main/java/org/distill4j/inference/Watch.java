package org.distill4j.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A model whose float32 outputs are looked at batch by batch, in ONNX Runtime: from the second
 * batch of a size on they are written to memory that is used again, and nothing is copied. For one
 * thread.
 */
public final class Watch implements AutoCloseable {
  private final Graph graph;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, HostTensor> made = new LinkedHashMap<>(); // views of what is pinned
  private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
  private Shape fed = Shape.SCALAR; // what the pinned tensors suit

  private Watch(Graph graph, OrtEnvironment environment, OrtSession session) {
    this.graph = graph;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Makes a model ready.
   *
   * @param graph one input, float32 outputs
   * @param threads how many a run may use, at least 1
   * @throws InputFault if ONNX Runtime refuses the model
   */
  public static Watch open(Graph graph, int threads) {
    OrtEnvironment environment = OnnxNatives.environment();
    try (SessionOptions options = OnnxRuntime.options(threads)) {
      return new Watch(graph, environment, OnnxRuntime.session(graph, environment, options));
    } catch (OrtException e) {
      throw new InputFault(
          "model '" + graph.name() + "': ONNX Runtime refuses it: " + OrtFault.line(e), e);
    }
  }

  /**
   * Runs a batch.
   *
   * @param batch for the model's input
   * @return its outputs by name, which hold until the next run
   */
  public Map<String, HostTensor> run(HostTensor batch) {
    String input = graph.onlyInput().name();
    try (OnnxTensor tensor = OnnxArrays.toNative(environment, input, batch)) {
      Map<String, OnnxTensor> inputs = Map.of(input, tensor);
      if (batch.shape().equals(fed)) {
        session.run(inputs, pinned).close();
        return made;
      }
      release();
      Map<String, HostTensor> first = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(inputs)) {
        for (Value output : graph.outputs()) {
          String name = output.name();
          first.put(name, OnnxArrays.toHost(name, result.get(name).orElseThrow()));
        }
      }
      pin(first);
      fed = batch.shape();
      return first;
    } catch (OrtException e) {
      throw new RunFault(
          "model '" + graph.name() + "': ONNX Runtime failed: " + OrtFault.line(e), e);
    }
  }

  private void pin(Map<String, HostTensor> like) throws OrtException {
    for (Map.Entry<String, HostTensor> entry : like.entrySet()) {
      Shape shape = entry.getValue().shape();
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(Math.toIntExact(shape.elements() * Float.BYTES))
              .order(ByteOrder.nativeOrder());
      pinned.put(
          entry.getKey(),
          OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape.sizes()));
      made.put(entry.getKey(), HostTensor.of(DType.FLOAT32, shape, bytes));
    }
  }

  private void release() {
    pinned.values().forEach(OnnxTensor::close);
    pinned.clear();
    made.clear();
  }

  @Override
  public void close() {
    release();
    try {
      session.close();
    } catch (OrtException e) {
      throw new RunFault(
          "model '" + graph.name() + "': ONNX Runtime failed: " + OrtFault.line(e), e);
    }
  }
}
