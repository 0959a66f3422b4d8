package org.distill4j.quantize.ptq;

import org.distill4j.settings.Describe;

/**
 * A repair of a quantized model: what can be done, without training, so that 8 bits hurt less. They
 * are tried in this order: what is cheap and leaves the float model as it is comes first.
 */
@Describe("what is done so that 8 bits hurt less")
public enum Repair {
  /** Weights are balanced between layers, and biases that are nearly always there are absorbed. */
  EQUALIZE("equalized"),
  /** Channels far larger than the others are split. */
  SPLIT("split"),
  /** Outliers move from the activations of a Gemm or MatMul to its weights. */
  SMOOTH("smoothed"),
  /** Biases take back what rounding moves each layer's mean by. */
  CORRECT_BIAS("corrected"),
  /** Each weight learns whether it is rounded up or down; takes minutes. */
  ROUND("rounded");

  private final String done;

  Repair(String done) {
    this.done = done;
  }

  /** What the model is afterwards, for names: {@code split}. */
  public String done() {
    return done;
  }

  /** Whether it changes the float model, which then says the same; else the integers. */
  public boolean isOfFloats() {
    return this == EQUALIZE || this == SPLIT || this == SMOOTH;
  }
}
