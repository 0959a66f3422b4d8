package org.distill4j.format;

import org.distill4j.tensor.DType;

/** The number type of the inputs and outputs of an 8-bit TFLite file. */
public enum InputOutputType {
  /** Signed 8-bit numbers where the model has a scale for them, else float32. */
  INT8(DType.INT8),
  /** Unsigned 8-bit numbers where the model has a scale for them, else float32. */
  UINT8(DType.UINT8),
  /** Real numbers. */
  FLOAT(DType.FLOAT32);

  private final DType type;

  InputOutputType(DType type) {
    this.type = type;
  }

  /** What one element is. */
  public DType type() {
    return type;
  }
}
