package org.distill4j.lowered;

/** A fused activation: what an operator does to its result before it is written. */
public enum Fused {
  /** Nothing. */
  NONE,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code min(max(x, 0), 6)}. */
  RELU6
}
