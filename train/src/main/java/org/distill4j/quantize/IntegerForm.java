package org.distill4j.quantize;

/**
 * Which integers a model is made of.
 *
 * @param activations what they are stored as
 * @param weightBits 7 or 8
 * @param densePerChannel whether a Gemm or MatMul has a scale for each output; a Conv always has
 */
public record IntegerForm(ActivationType activations, int weightBits, boolean densePerChannel) {
  /** Checks the bits. */
  public IntegerForm {
    if (weightBits != 7 && weightBits != 8) {
      throw new IllegalArgumentException("weight-bits: " + weightBits + " (expected: 7 or 8)");
    }
  }
}
