package org.distill4j.safetensors;

import java.util.Optional;
import org.distill4j.tensor.DType;

/** How the format spells the types of elements. */
final class SafetensorsTypeCode {
  private SafetensorsTypeCode() {}

  static String of(DType type) {
    return switch (type) {
      case FLOAT32 -> "F32";
      case FLOAT64 -> "F64";
      case FLOAT16 -> "F16";
      case BFLOAT16 -> "BF16";
      case INT8 -> "I8";
      case UINT8 -> "U8";
      case INT16 -> "I16";
      case UINT16 -> "U16";
      case INT32 -> "I32";
      case UINT32 -> "U32";
      case INT64 -> "I64";
      case UINT64 -> "U64";
      case BOOL -> "BOOL";
    };
  }

  static Optional<DType> type(String code) {
    for (DType type : DType.values()) {
      if (of(type).equals(code)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
