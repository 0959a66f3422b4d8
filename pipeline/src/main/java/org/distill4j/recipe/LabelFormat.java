package org.distill4j.recipe;

import org.distill4j.tensor.DType;

/** The number format of stored soft labels. */
public enum LabelFormat {
  /** Two bytes each, 11 significant bits; four where two do not hold them. */
  FLOAT16(DType.FLOAT16),
  /** Four bytes each, as the teacher gives them. */
  FLOAT32(DType.FLOAT32);

  private final DType type;

  LabelFormat(DType type) {
    this.type = type;
  }

  /** The type of one logit in the file. */
  public DType type() {
    return type;
  }
}
