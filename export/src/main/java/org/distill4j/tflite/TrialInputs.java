package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What a file is tried on: zeros, then noise, in as few rows as it takes and in one more. */
record TrialInputs(Predictor model) {
  private static final int SMALL = 4; // what a table or a list of that many holds

  /** Feeds them one after another. */
  void each(Consumer<Map<String, HostTensor>> run) {
    run.accept(inputs(1, 0));
    run.accept(inputs(1, 1));
    run.accept(inputs(2, 2));
  }

  private Map<String, HostTensor> inputs(int open, int seed) {
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (Value input : model.inputs()) {
      Shape shape = input.shape();
      for (int axis = 0; axis < shape.rank(); axis++) {
        shape = shape.dim(axis).isKnown() ? shape : shape.with(axis, Dim.of(open));
      }
      inputs.put(input.name(), numbers(input.type(), shape, new SplittableRandom(seed), seed > 0));
    }
    return inputs;
  }

  private static HostTensor numbers(DType type, Shape shape, SplittableRandom random, boolean any) {
    if (type == DType.FLOAT32) {
      float[] values = new float[Math.toIntExact(shape.elements())];
      for (int i = 0; any && i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return HostTensor.ofFloats(shape, values);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(Math.multiplyExact(shape.elements(), type.bytes())))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; any && at < bytes.capacity(); at += type.bytes()) {
      bytes.put(at, (byte) random.nextInt(type == DType.BOOL ? 2 : SMALL));
    }
    return HostTensor.of(type, shape, bytes);
  }
}
