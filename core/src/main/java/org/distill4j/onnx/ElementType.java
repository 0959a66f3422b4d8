package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Optional;
import org.distill4j.tensor.DType;

/** The numbers that ONNX files give to element types. */
final class ElementType {
  private ElementType() {}

  /** The number of a type. */
  static int code(DType type) {
    DataType spelled =
        switch (type) {
          case FLOAT32 -> DataType.FLOAT;
          case FLOAT64 -> DataType.DOUBLE;
          case FLOAT16 -> DataType.FLOAT16;
          case BFLOAT16 -> DataType.BFLOAT16;
          case INT8 -> DataType.INT8;
          case UINT8 -> DataType.UINT8;
          case INT16 -> DataType.INT16;
          case UINT16 -> DataType.UINT16;
          case INT32 -> DataType.INT32;
          case UINT32 -> DataType.UINT32;
          case INT64 -> DataType.INT64;
          case UINT64 -> DataType.UINT64;
          case BOOL -> DataType.BOOL;
        };
    return spelled.getNumber();
  }

  /** The type of a number; empty for texts, complex numbers, 4-bit and 8-bit floats. */
  static Optional<DType> of(long code) {
    for (DType type : DType.values()) {
      if (code(type) == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The end of a fault about a number that has no type here. */
  static String unsupported(long code) {
    DataType type = code == (int) code ? DataType.forNumber((int) code) : null;
    return "element type "
        + (type == null ? "number " + code : type.name())
        + " (expected: float32, float64, float16, bfloat16, bool or an integer of 8 to 64 bits)";
  }
}
