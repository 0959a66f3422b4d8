package org.distill4j.tensor;

/** The element type of an array. */
public enum DType {
  /** IEEE 754 binary32. */
  FLOAT32(4, true),
  /** IEEE 754 binary64. */
  FLOAT64(8, true),
  /** IEEE 754 binary16. */
  FLOAT16(2, true),
  /** The upper half of a binary32. */
  BFLOAT16(2, true),
  /** Signed, 8 bits. */
  INT8(1, false),
  /** Unsigned, 8 bits. */
  UINT8(1, false),
  /** Signed, 16 bits. */
  INT16(2, false),
  /** Unsigned, 16 bits. */
  UINT16(2, false),
  /** Signed, 32 bits. */
  INT32(4, false),
  /** Unsigned, 32 bits. */
  UINT32(4, false),
  /** Signed, 64 bits. */
  INT64(8, false),
  /** Unsigned, 64 bits. */
  UINT64(8, false),
  /** One byte, 0 or 1. */
  BOOL(1, false);

  private final int bytes;
  private final boolean floating;

  DType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is one of the floating-point types. */
  public boolean isFloating() {
    return floating;
  }
}
