package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.BFloat16;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.ExampleLayout;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A model from a file that is fed examples as the data have them: their axes are brought into the
 * file's order, their numbers into its type, and its answers into float32.
 */
final class FittedPredictor extends RuntimePredictor {
  private final Predictor model;
  private final Value taken; // as the file has it
  private final ExampleLayout layout;
  private final int[] places;

  private FittedPredictor(Predictor model, Value fed, ExampleLayout layout) {
    super(
        fed.name(),
        List.of(fed),
        model.outputs().stream().map(FittedPredictor::real).toList(),
        Calls.TOGETHER);
    this.model = model;
    this.taken = model.inputs().get(0);
    this.layout = layout;
    this.places = layout.places();
  }

  /**
   * The model itself where nothing has to be done.
   *
   * @param fed what it is to be fed
   * @throws InputFault if it takes something else
   */
  static Predictor of(Predictor model, Value fed) {
    Value taken = model.inputs().get(0);
    boolean isReal = model.outputs().stream().allMatch(o -> o.type() == DType.FLOAT32);
    if (model.inputs().size() != 1
        || fed.type() != DType.FLOAT32
        || !SingleValue.hasExample(fed.shape())
        || !taken.shape().isRanked()
        || (taken.type() == DType.FLOAT32
            && isReal
            && taken.shape().dropFirst().equals(fed.shape().dropFirst()))) {
      return model;
    }
    Shape example = fed.shape().dropFirst();
    ExampleLayout layout =
        ExampleLayout.of(example, taken.shape().dropFirst(), true)
            .orElseThrow(
                () ->
                    new InputFault(
                        "model input '%s': %s (expected: an example %s)"
                            .formatted(taken.name(), taken.shape(), example)));
    Value named = new Value(taken.name(), DType.FLOAT32, fed.shape());
    return new FittedPredictor(model, named, layout);
  }

  private static Value real(Value output) {
    return new Value(output.name(), DType.FLOAT32, output.shape());
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
    HostTensor given = tensors.get(taken.name());
    float[] values = given.toFloats();
    if (layout.isMoved()) {
      values = moved(values);
    }
    Shape shape = layout.taken().prepend(given.shape().dim(0));
    Map<String, HostTensor> answers =
        model.run(Map.of(taken.name(), typed(taken.type(), shape, values)));
    Map<String, HostTensor> real = new LinkedHashMap<>();
    answers.forEach((name, tensor) -> real.put(name, asFloats(tensor)));
    return real;
  }

  private float[] moved(float[] values) {
    float[] moved = new float[values.length];
    for (int from = 0; from < values.length; from += places.length) {
      for (int i = 0; i < places.length; i++) {
        moved[from + i] = values[from + places[i]];
      }
    }
    return moved;
  }

  private static HostTensor asFloats(HostTensor tensor) {
    return tensor.type() == DType.FLOAT32
        ? tensor
        : HostTensor.ofFloats(tensor.shape(), tensor.toFloats());
  }

  /** Real numbers as another type's; whole ones are the nearest within its range. */
  private static HostTensor typed(DType type, Shape shape, float[] values) {
    if (type == DType.FLOAT32) {
      return HostTensor.ofFloats(shape, values);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      put(type, value, bytes);
    }
    return HostTensor.of(type, shape, bytes.flip());
  }

  private static void put(DType type, float value, ByteBuffer bytes) {
    switch (type) {
      case FLOAT32 -> bytes.putFloat(value);
      case FLOAT64 -> bytes.putDouble(value);
      case FLOAT16 -> bytes.putShort(Float16.fromFloat(value));
      case BFLOAT16 -> bytes.putShort(BFloat16.fromFloat(value));
      case BOOL -> bytes.put((byte) (value == 0 ? 0 : 1));
      case INT8 -> bytes.put((byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> bytes.put((byte) whole(value, 0, 0xff));
      case INT16 -> bytes.putShort((short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> bytes.putShort((short) whole(value, 0, 0xffff));
      case INT32 -> bytes.putInt((int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> bytes.putInt((int) whole(value, 0, 0xffffffffL));
      case INT64 -> bytes.putLong(whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT64 -> bytes.putLong(whole(value, 0, Long.MAX_VALUE));
    }
  }

  private static long whole(float value, long least, long most) {
    return Math.max(least, Math.min(most, (long) Math.rint(value)));
  }

  @Override
  protected void free() {
    model.close();
  }
}
