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
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A recorder of intermediate activations: a model whose float32 outputs are looked at batch by
 * batch, in ONNX Runtime; they are written to memory that is used again while batches have one
 * size, and nothing is copied. For one thread.
 */
public final class ActivationRecorder implements AutoCloseable {
  private final Graph graph;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, HostTensor> made = new LinkedHashMap<>(); // views of what is pinned
  private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
  private Shape fed = Shape.SCALAR; // what the pinned tensors suit

  private ActivationRecorder(Graph graph, OrtEnvironment environment, OrtSession session) {
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
  public static ActivationRecorder open(Graph graph, int threads) {
    OrtEnvironment environment = OnnxNatives.environment();
    try (SessionOptions options = OnnxRuntime.options(threads)) {
      return new ActivationRecorder(
          graph, environment, OnnxRuntime.session(graph, environment, options));
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
      if (!batch.shape().equals(fed)) {
        release();
        pin(shapes(inputs, batch.shape()));
        fed = batch.shape();
      }
      session.run(inputs, pinned).close();
      return made;
    } catch (OrtException e) {
      throw new RunFault(
          "model '" + graph.name() + "': ONNX Runtime failed: " + OrtFault.line(e), e);
    }
  }

  /** The outputs' shapes for a batch; where they cannot be told, a run tells them. */
  private Map<String, Shape> shapes(Map<String, OnnxTensor> inputs, Shape batch)
      throws OrtException {
    Shapes inferred = ShapeInference.infer(graph, Map.of(graph.onlyInput().name(), batch));
    Map<String, Shape> shapes = new LinkedHashMap<>();
    graph.outputs().forEach(output -> shapes.put(output.name(), inferred.shape(output.name())));
    if (!shapes.values().stream().allMatch(Shape::isStatic)) {
      try (OrtSession.Result result = session.run(inputs)) {
        for (Value output : graph.outputs()) {
          String name = output.name();
          shapes.put(name, OnnxArrays.shape((OnnxTensor) result.get(name).orElseThrow()));
        }
      }
    }
    return shapes;
  }

  private void pin(Map<String, Shape> shapes) throws OrtException {
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      Shape shape = entry.getValue();
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
