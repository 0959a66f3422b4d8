package org.distill4j.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * An immutable array in the JVM's memory or in a mapped file: row-major, little-endian, ONNX order.
 *
 * <p>Two tensors are equal when type, shape and bytes are.
 */
public final class HostTensor {
  private final DType type;
  private final Shape shape;
  private final ByteBuffer data;

  private HostTensor(DType type, Shape shape, ByteBuffer data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A view of bytes that nobody changes afterwards.
   *
   * @param shape static
   * @param data exactly {@code shape.elements() * type.bytes()} bytes from its position
   */
  public static HostTensor of(DType type, Shape shape, ByteBuffer data) {
    long expected = Math.multiplyExact(shape.elements(), (long) type.bytes());
    if (data.remaining() != expected) {
      throw new IllegalArgumentException(
          "tensor "
              + type
              + " "
              + shape
              + ": "
              + data.remaining()
              + " bytes (expected: "
              + expected
              + ")");
    }
    return new HostTensor(
        type, shape, data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** A copy of float32 values. */
  public static HostTensor ofFloats(Shape shape, float... values) {
    ByteBuffer bytes = allocate(values.length, DType.FLOAT32);
    bytes.asFloatBuffer().put(values);
    return of(DType.FLOAT32, shape, bytes);
  }

  /** A copy of float64 values. */
  public static HostTensor ofDoubles(Shape shape, double... values) {
    ByteBuffer bytes = allocate(values.length, DType.FLOAT64);
    bytes.asDoubleBuffer().put(values);
    return of(DType.FLOAT64, shape, bytes);
  }

  /** A copy of int64 values. */
  public static HostTensor ofLongs(Shape shape, long... values) {
    ByteBuffer bytes = allocate(values.length, DType.INT64);
    bytes.asLongBuffer().put(values);
    return of(DType.INT64, shape, bytes);
  }

  /** A copy of numbers as another type has them; whole ones are the nearest within its range. */
  public static HostTensor ofNumbers(DType type, Shape shape, float... values) {
    if (type == DType.FLOAT32) {
      return ofFloats(shape, values);
    }
    ByteBuffer bytes = allocate(values.length, type);
    for (float value : values) {
      put(type, value, bytes);
    }
    return of(type, shape, bytes.flip());
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

  /** Several of one type, put together along their outermost axis. */
  public static HostTensor joined(List<HostTensor> parts) {
    HostTensor first = parts.get(0);
    long rows = parts.stream().mapToLong(part -> part.shape().size(0)).sum();
    Shape shape = first.shape().with(0, Dim.of(rows));
    int bytes = Math.toIntExact(shape.elements() * first.type().bytes());
    ByteBuffer all = ByteBuffer.allocate(bytes);
    parts.forEach(part -> all.put(part.bytes()));
    return of(first.type(), shape, all.flip());
  }

  /** A float32 scalar. */
  public static HostTensor scalar(float value) {
    return ofFloats(Shape.SCALAR, value);
  }

  private static ByteBuffer allocate(int elements, DType type) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What one element is. */
  public DType type() {
    return type;
  }

  /** The extents, all numbers. */
  public Shape shape() {
    return shape;
  }

  /** How many elements there are. */
  public long elements() {
    return shape.elements();
  }

  /** The bytes, read-only and little-endian; each call gives an independent view. */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A read-only view of float32 elements. */
  public FloatBuffer floats() {
    if (type != DType.FLOAT32) {
      throw new IllegalStateException("tensor type: " + type + " (expected: FLOAT32)");
    }
    return bytes().asFloatBuffer();
  }

  /** All elements as float64, converted from any type; unsigned types stay positive. */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(elements())];
    ByteBuffer b = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT32 -> b.getFloat();
            case FLOAT64 -> b.getDouble();
            case FLOAT16 -> Float16.toFloat(b.getShort());
            case BFLOAT16 -> BFloat16.toFloat(b.getShort());
            default -> nextLong(b);
          };
    }
    return values;
  }

  /** All elements as float32, converted from any type. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(elements())];
    if (type == DType.FLOAT32) {
      floats().get(values);
      return values;
    }
    double[] doubles = toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) doubles[i];
    }
    return values;
  }

  /** All elements of an integer or boolean tensor. */
  public long[] toLongs() {
    if (type.isFloating()) {
      throw new IllegalStateException("tensor type: " + type + " (expected: an integer type)");
    }
    long[] values = new long[Math.toIntExact(elements())];
    ByteBuffer b = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = nextLong(b);
    }
    return values;
  }

  private long nextLong(ByteBuffer b) {
    return switch (type) {
      case INT8 -> b.get();
      case UINT8, BOOL -> b.get() & 0xffL;
      case INT16 -> b.getShort();
      case UINT16 -> b.getShort() & 0xffffL;
      case INT32 -> b.getInt();
      case UINT32 -> b.getInt() & 0xffffffffL;
      case INT64, UINT64 -> b.getLong();
      default -> throw new AssertionError(type);
    };
  }

  /** The same bytes under another shape with as many elements. */
  public HostTensor reshape(Shape other) {
    return of(type, other, bytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor t
        && type == t.type
        && shape.equals(t.shape)
        && data.equals(t.data);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + data.hashCode();
  }

  @Override
  public String toString() {
    return type + " " + shape;
  }
}
