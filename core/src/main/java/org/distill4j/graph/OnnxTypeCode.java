package org.distill4j.graph;

import java.util.Optional;
import org.distill4j.tensor.DType;

/** The numbers by which ONNX's files and attributes name element types. */
public final class OnnxTypeCode {
  private OnnxTypeCode() {}

  /** The type of a number such as the {@code to} of a Cast; empty for types not held here. */
  public static Optional<DType> type(long code) {
    for (DType type : DType.values()) {
      if (of(type) == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The number of a type. */
  public static int of(DType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BFLOAT16 -> 16;
    };
  }
}
