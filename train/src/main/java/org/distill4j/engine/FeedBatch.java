package org.distill4j.engine;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;

/**
 * The native memory of one batch: the model's input and a criterion's arrays, filled again and
 * again.
 */
public final class FeedBatch implements AutoCloseable {
  private final NativeArray input;
  private final Map<String, NativeArray> arrays = new LinkedHashMap<>();

  FeedBatch(Shape input, Map<String, Shape> arrays) {
    this.input = new NativeArray(input);
    arrays.forEach((name, shape) -> this.arrays.put(name, new NativeArray(shape)));
  }

  /** The input, [batch, ...] in ONNX order, from its start. */
  public FloatBuffer input() {
    return input.floats();
  }

  /** An array of the criterion, [batch, ...], from its start. */
  public FloatBuffer array(String name) {
    NativeArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "array: '" + name + "' (expected: " + arrays.keySet() + ")");
    }
    return array.floats();
  }

  NativeArray inputArray() {
    return input;
  }

  Map<String, NativeArray> arrays() {
    return arrays;
  }

  @Override
  public void close() {
    input.close();
    arrays.values().forEach(NativeArray::close);
  }
}
