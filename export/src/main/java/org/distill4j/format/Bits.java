package org.distill4j.format;

import java.util.Arrays;

/** The bits of a stored TF.js weight; in the browser all are float32 again. */
public enum Bits {
  /** float32. */
  ALL(32),
  /** 65,536 steps from the least to the largest of an array. */
  SIXTEEN(16),
  /** 256 steps from the least to the largest of an array. */
  EIGHT(8);

  private final int count;

  Bits(int count) {
    this.count = count;
  }

  /**
   * The choice with so many bits.
   *
   * @throws IllegalArgumentException for another number
   */
  public static Bits of(int count) {
    return Arrays.stream(values())
        .filter(b -> b.count == count)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("tfjs-bits: " + count + " (expected: 8, 16 or 32)"));
  }

  /** Their number. */
  public int count() {
    return count;
  }
}
