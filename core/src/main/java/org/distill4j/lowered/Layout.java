package org.distill4j.lowered;

/** The memory layout of a value that ONNX describes with its channels first. */
public enum Layout {
  /** In the order of ONNX. */
  ONNX,
  /** {@code [N, C, ...]} held as {@code [N, ..., C]}; of ranks 3 and 4. */
  CHANNELS_LAST,
  /**
   * {@code [N, C ...]}, the rows of a flattened {@link #CHANNELS_LAST} value: element {@code c P +
   * p} of a row is held at {@code p C + c}, P being the number of positions.
   */
  FLAT_CHANNELS_LAST
}
