package org.distill4j.tensor;

/**
 * Conversion between binary16 and binary32, which the JDK has only since 20. Round half to even.
 */
public final class Float16 {
  private Float16() {}

  /** The exact value of a binary16. */
  public static float toFloat(short half) {
    int bits = half & 0xffff;
    int exponent = (bits >>> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = mantissa * 0x1p-24f;
    } else if (exponent == 31) {
      magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(((exponent + 112) << 23) | (mantissa << 13));
    }
    return bits >>> 15 == 0 ? magnitude : -magnitude;
  }

  /** The nearest binary16; beyond 65,504 plus half a step it is infinite. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00); // NaN
    }
    if (magnitude >= 0x477ff000) { // 65,520 and above round to infinity
      return (short) (sign | 0x7c00);
    }
    if (magnitude >= 0x38800000) { // normal: rebias the exponent, round the 13 lost bits
      int rebased = magnitude - 0x38000000;
      return (short) (sign | (rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
    }
    return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24)); // subnormal
  }
}
