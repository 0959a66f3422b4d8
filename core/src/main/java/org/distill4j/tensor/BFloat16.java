package org.distill4j.tensor;

/** Conversion between bfloat16, the upper half of a binary32, and binary32. Round half to even. */
public final class BFloat16 {
  private BFloat16() {}

  /** The exact value of a bfloat16. */
  public static float toFloat(short upper) {
    return Float.intBitsToFloat(upper << Short.SIZE);
  }

  /** The nearest bfloat16. */
  public static short fromFloat(float value) {
    int bits = Float.floatToIntBits(value);
    int even = (bits >>> Short.SIZE) & 1;
    return (short)
        (Float.isNaN(value) ? bits >>> Short.SIZE : (bits + 0x7fff + even) >>> Short.SIZE);
  }
}
