package org.distill4j.tfjs;

/** How many bits a stored weight takes; in the browser all are float32 again. */
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

  /** Their number. */
  public int count() {
    return count;
  }
}
