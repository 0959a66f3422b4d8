package org.distill4j.reference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.distill4j.tensor.BFloat16;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A tensor on its way. Its numbers are held as float64, in which every integer of a layer's sum is
 * exact. Nobody changes them.
 */
final class ReferenceTensor {
  private final Shape shape;
  private final double[] numbers;
  private final Optional<ReferenceGrid> steps;

  /**
   * @param shape static
   * @param numbers row-major; integers where {@code steps} says what they stand for
   * @param steps empty where the numbers stand for themselves
   */
  ReferenceTensor(Shape shape, double[] numbers, Optional<ReferenceGrid> steps) {
    this.shape = shape;
    this.numbers = numbers;
    this.steps = steps;
  }

  static ReferenceTensor of(Shape shape, double[] numbers) {
    return new ReferenceTensor(shape, numbers, Optional.empty());
  }

  static ReferenceTensor of(Shape shape, double[] numbers, ReferenceGrid steps) {
    return new ReferenceTensor(shape, numbers, Optional.of(steps));
  }

  static ReferenceTensor of(HostTensor tensor) {
    return of(tensor.shape(), tensor.toDoubles());
  }

  Shape shape() {
    return shape;
  }

  double[] numbers() {
    return numbers;
  }

  Optional<ReferenceGrid> steps() {
    return steps;
  }

  ReferenceTensor withShape(Shape other) {
    return new ReferenceTensor(other, numbers, steps);
  }

  /** An extent; 1 where there is no such axis. */
  int size(int axis) {
    return axis < shape.rank() ? Math.toIntExact(shape.size(axis)) : 1;
  }

  /** The index of its step's size for each position. */
  IntUnaryOperator channel() {
    if (steps.isEmpty() || steps.get().isOne()) {
      return i -> 0;
    }
    int inner = 1;
    for (int axis = steps.get().axis() + 1; axis < shape.rank(); axis++) {
      inner *= size(axis);
    }
    int within = inner;
    int count = steps.get().sizes().length;
    return i -> i / within % count;
  }

  /** What the numbers stand for. */
  double[] reals() {
    if (steps.isEmpty()) {
      return numbers;
    }
    ReferenceGrid s = steps.get();
    IntUnaryOperator channel = channel();
    double[] reals = new double[numbers.length];
    for (int i = 0; i < reals.length; i++) {
      int c = channel.applyAsInt(i);
      reals[i] = (numbers[i] - s.zeros()[c]) * s.sizes()[c];
    }
    return reals;
  }

  /** The distances of integers from the ones that stand for 0. */
  double[] centred() {
    ReferenceGrid s = steps.orElseThrow();
    IntUnaryOperator channel = channel();
    double[] centred = new double[numbers.length];
    for (int i = 0; i < centred.length; i++) {
      centred[i] = numbers[i] - s.zeros()[channel.applyAsInt(i)];
    }
    return centred;
  }

  /** The same numbers, standing for themselves. */
  ReferenceTensor real() {
    return steps.isEmpty() ? this : of(shape, reals());
  }

  /** The nearest numbers of a type of floats; of integers and of wide floats it is itself. */
  ReferenceTensor rounded(DType type) {
    if (steps.isPresent() || !(type == DType.FLOAT16 || type == DType.BFLOAT16)) {
      return this;
    }
    double[] nearest = new double[numbers.length];
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] =
          type == DType.FLOAT16
              ? Float16.toFloat(Float16.fromFloat((float) numbers[i]))
              : BFloat16.toFloat(BFloat16.fromFloat((float) numbers[i]));
    }
    return of(shape, nearest);
  }

  /** The numbers as they are, in a type that holds them. */
  HostTensor tensor(DType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : numbers) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat((float) number);
        case FLOAT64 -> bytes.putDouble(number);
        case FLOAT16 -> bytes.putShort(Float16.fromFloat((float) number));
        case BFLOAT16 -> bytes.putShort(BFloat16.fromFloat((float) number));
        case INT8, UINT8, BOOL -> bytes.put((byte) (int) number);
        case INT16, UINT16 -> bytes.putShort((short) (int) number);
        case INT32, UINT32 -> bytes.putInt((int) (long) number);
        default -> bytes.putLong((long) number);
      }
    }
    return HostTensor.of(type, shape, bytes.flip());
  }

  /** Itself where one step holds for all numbers, else what they stand for. */
  ReferenceTensor movable() {
    return steps.isPresent() && !steps.get().isOne() ? real() : this;
  }
}
