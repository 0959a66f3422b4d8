package org.distill4j.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.engine.lowering.LoweringMode;
import org.distill4j.engine.lowering.TensorFlowGraph;
import org.distill4j.engine.lowering.TensorFlowLowering;
import org.distill4j.engine.lowering.Variables;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.RuntimePredictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.distill4j.tensorflow.Sessions;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A graph in a session of its own, forward only. */
final class ForwardPredictor extends RuntimePredictor {
  private final org.tensorflow.Graph graph;
  private final Session session;
  private final Map<String, Placeholder<TFloat32>> placeholders = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> results = new LinkedHashMap<>();

  ForwardPredictor(Graph model, int threads) {
    super(model.name(), model.inputs(), model.outputs(), Calls.ONE_BY_ONE);
    this.graph = new org.tensorflow.Graph();
    try {
      Ops tf = TensorFlowNatives.ops(graph);
      Variables<TFloat32> variables = TensorFlowLowering.variables(tf, model, TFloat32.class);
      Map<String, Operand<TFloat32>> fed = new LinkedHashMap<>();
      for (Value input : model.inputs()) {
        long[] sizes = input.shape().dims().stream().mapToLong(d -> d.size()).toArray();
        Placeholder<TFloat32> placeholder =
            tf.placeholder(
                TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(sizes)));
        placeholders.put(input.name(), placeholder);
        fed.put(input.name(), placeholder);
      }
      TensorFlowGraph<TFloat32> lowered =
          TensorFlowLowering.lower(tf, model, variables, fed, LoweringMode.inference());
      model.outputs().forEach(o -> results.put(o.name(), lowered.output(o.name())));
      this.session = Sessions.open(graph, threads);
      variables.initialize(session);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
    List<NativeArray> fed = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      for (Map.Entry<String, Placeholder<TFloat32>> input : placeholders.entrySet()) {
        HostTensor tensor = tensors.get(input.getKey());
        NativeArray array = new NativeArray(tensor.shape());
        fed.add(array);
        array.floats().put(tensor.floats());
        runner.feed(input.getValue(), array.tensor());
      }
      results.values().forEach(runner::fetch);
      Map<String, HostTensor> answer = new LinkedHashMap<>();
      try (Result result = runner.run()) {
        int i = 0;
        for (String name : results.keySet()) {
          answer.put(name, host((TFloat32) result.get(i++)));
        }
      }
      return answer;
    } finally {
      fed.forEach(NativeArray::close);
    }
  }

  static HostTensor host(TFloat32 tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.numBytes())).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(NativeArray.view(tensor));
    return HostTensor.of(DType.FLOAT32, Shape.of(tensor.shape().asArray()), bytes);
  }

  @Override
  protected void free() {
    session.close();
    graph.close();
  }
}
