package org.distill4j.quantize.ptq;

import org.distill4j.quantize.observe.ActivationType;

/**
 * The quantization scheme of a model: which integers it is made of.
 *
 * @param activations what they are stored as
 * @param weightBits 2 to 8; stored in 8 each
 * @param densePerChannel whether a Gemm or MatMul has a scale for each output; a Conv always has
 */
public record QuantizationScheme(
    ActivationType activations, int weightBits, boolean densePerChannel) {
  /** Checks the bits. */
  public QuantizationScheme {
    if (weightBits < 2 || weightBits > 8) {
      throw new IllegalArgumentException("weight-bits: " + weightBits + " (expected: 2 to 8)");
    }
  }
}
