package org.distill4j.quantize.ptq;

import org.distill4j.settings.Describe;

/** The mode of quantization, static or dynamic: when the ranges of activations are found. */
@Describe("when the ranges of activations are found")
public enum RangeMode {
  /** Beforehand, on calibration examples: QuantizeLinear and DequantizeLinear in the graph. */
  STATIC,
  /**
   * At each run, from the batch that is there: DynamicQuantizeLinear and MatMulInteger. For Gemm
   * and MatMul; convolutions stay float.
   */
  DYNAMIC
}
