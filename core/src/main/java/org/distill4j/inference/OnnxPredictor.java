package org.distill4j.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/** A graph opened in ONNX Runtime. */
final class OnnxPredictor extends RuntimePredictor {
  private final OrtEnvironment environment;
  private final OrtSession session;

  OnnxPredictor(Graph graph, OrtEnvironment environment, OrtSession session) {
    this(graph.name(), graph.inputs(), graph.outputs(), environment, session);
  }

  OnnxPredictor(
      String name,
      List<Value> inputs,
      List<Value> outputs,
      OrtEnvironment environment,
      OrtSession session) {
    super(name, inputs, outputs, Calls.TOGETHER);
    this.environment = environment;
    this.session = session;
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (Value input : inputs()) {
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
    } catch (OrtException e) {
      throw failed(e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  protected void answer(BatchRun.Bound in, BatchRun.Bound out) {
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
    return new RunFault("model '" + model() + "': ONNX Runtime failed: " + OrtFault.line(e), e);
  }

  @Override
  protected void free() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
