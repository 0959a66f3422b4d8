package org.distill4j.data.source;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.Shape;

/**
 * The head of an idx file: two zero bytes, the element type, the rank, then each extent as a
 * big-endian 32-bit number.
 *
 * @param extents outermost first, each at least 1; their product fits a long
 * @param elements how many unsigned bytes follow
 * @see <a href="https://en.wikipedia.org/wiki/MNIST_database">The MNIST database, whose format it
 *     is</a>
 */
record IdxHeader(Shape extents, long elements) {
  /** The longest head: rank 4. */
  static final int MAX_BYTES = 4 + 4 * 4;

  private static final int UNSIGNED_BYTE = 8;

  /** How many bytes the head takes. */
  int bytes() {
    return 4 + 4 * extents.rank();
  }

  /** How many bytes the whole file takes. */
  long fileBytes() {
    return bytes() + elements;
  }

  /** How many examples there are. */
  long count() {
    return extents.size(0);
  }

  /**
   * Reads a head.
   *
   * @param file what messages call the file
   * @param start the first bytes of the file, {@link #MAX_BYTES} if it has so many
   * @throws InputFault if it is not one of unsigned bytes with rank 1 to 4 and sane extents
   */
  static IdxHeader of(String file, ByteBuffer start) {
    ByteBuffer in = start.duplicate(); // big-endian
    if (in.remaining() < 4) {
      throw new InputFault(file + ": " + in.remaining() + " bytes (expected: an idx file)");
    }
    int magic = in.getInt();
    int rank = magic & 0xff;
    if (magic >>> 8 != UNSIGNED_BYTE || rank < 1 || rank > 4) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "%s: starts with %08x (expected: 000008 and a rank of 01 to 04, idx of unsigned bytes)",
              file,
              magic));
    }
    if (in.remaining() < 4 * rank) {
      throw new InputFault(file + ": ends in its head (expected: " + rank + " extents)");
    }
    long[] extents = new long[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      extents[i] = Integer.toUnsignedLong(in.getInt());
      if (extents[i] == 0 || Math.multiplyHigh(elements, extents[i]) != 0) {
        throw new InputFault(
            "%s: extent %s is %s (expected: at least 1, all together below 2^63)"
                .formatted(file, i, extents[i]));
      }
      elements *= extents[i];
    }
    if (elements < 0 || elements > Long.MAX_VALUE - MAX_BYTES) {
      throw new InputFault(file + ": extents too large (expected: all together below 2^63)");
    }
    return new IdxHeader(Shape.of(extents), elements);
  }
}
