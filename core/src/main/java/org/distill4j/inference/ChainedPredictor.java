package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/** A model whose only output another takes as its only input. */
final class ChainedPredictor implements Predictor {
  private final Predictor first;
  private final Predictor second;
  private final ThreadLocal<FloatBuffer> between = ThreadLocal.withInitial(() -> direct(0));
  private long each; // numbers between, of one example; 0 as long as nobody asked

  ChainedPredictor(Predictor first, Predictor second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public List<Value> inputs() {
    return first.inputs();
  }

  @Override
  public List<Value> outputs() {
    return second.outputs();
  }

  @Override
  public Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
    HostTensor made = first.run(inputs).get(first.outputs().get(0).name());
    return second.run(Map.of(second.inputs().get(0).name(), made));
  }

  @Override
  public void run(int count, FloatBuffer input, FloatBuffer output) {
    int numbers = Math.toIntExact(count * each());
    if (between.get().capacity() < numbers) {
      between.set(direct(numbers));
    }
    FloatBuffer made = between.get();
    first.run(count, input, made);
    second.run(count, made, output);
  }

  private synchronized long each() {
    if (each == 0) {
      each = first.resultShape().elements();
    }
    return each;
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    try {
      second.close();
    } finally {
      first.close();
    }
  }
}
