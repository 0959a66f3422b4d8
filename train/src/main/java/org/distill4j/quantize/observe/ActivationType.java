package org.distill4j.quantize.observe;

import org.distill4j.settings.Describe;
import org.distill4j.tensor.DType;

/** The integer type that activations are stored as. */
@Describe("what activations are stored as")
public enum ActivationType {
  /** 0 to 255; what x86 processors multiply fastest. */
  UINT8(DType.UINT8),
  /** -128 to 127; what phones and microcontrollers take. */
  INT8(DType.INT8);

  private final DType type;

  ActivationType(DType type) {
    this.type = type;
  }

  /** The type of the tensors. */
  public DType type() {
    return type;
  }
}
