package org.distill4j.records;

import java.nio.ByteBuffer;
import java.util.List;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code data.records.feature}: what the bytes of a feature are, as {@code
 * tf.io.decode_raw} is told.
 *
 * @param shape of one example; none: so many numbers as there are
 */
@Describe("what the bytes of a feature are that are no image")
public record RawFeature(
    @Describe("the type of its numbers, little-endian") NumberType type,
    @Default("[]") @Describe("the shape of one example, such as [1, 28, 28]; empty: [numbers]")
        List<Long> shape) {
  /** So many numbers an example may have: a row of their floats is a gigabyte. */
  private static final double MOST_VALUES = 1 << 28;

  /** Takes a copy and checks the bounds. */
  public RawFeature {
    shape = List.copyOf(shape);
    requireShape(shape);
  }

  /**
   * Checks the extents of one example.
   *
   * @throws IllegalArgumentException if one is not above 0, or they are too many numbers
   */
  public static void requireShape(List<Long> shape) {
    if (!shape.stream().allMatch(extent -> extent > 0)) {
      throw new IllegalArgumentException("shape: " + shape + " (expected: each > 0)");
    }
    if (shape.stream().mapToDouble(extent -> extent).reduce(1, (a, b) -> a * b) > MOST_VALUES) {
      throw new IllegalArgumentException(
          "shape: " + shape + " (expected: at most 268,435,456 numbers)");
    }
  }

  /** How a number is stored. */
  public enum NumberType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    INT32(4),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    NumberType(int bytes) {
      this.bytes = bytes;
    }

    /** How many bytes a number takes. */
    public int bytes() {
      return bytes;
    }

    /** Whether there are numbers of it that no float holds. */
    public boolean isWide() {
      return this == INT32 || this == INT64 || this == FLOAT64;
    }

    /** The number at the buffer's position, which moves behind it. */
    public double next(ByteBuffer from) {
      return switch (this) {
        case UINT8 -> from.get() & 0xff;
        case INT8 -> from.get();
        case UINT16 -> from.getShort() & 0xffff;
        case INT16 -> from.getShort();
        case INT32 -> from.getInt();
        case INT64 -> from.getLong();
        case FLOAT32 -> from.getFloat();
        case FLOAT64 -> from.getDouble();
      };
    }
  }
}
