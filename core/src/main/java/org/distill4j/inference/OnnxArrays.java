package org.distill4j.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Arrays on their way into ONNX Runtime and back, byte for byte. */
final class OnnxArrays {
  private OnnxArrays() {}

  /** A copy in native memory; the caller closes it. */
  static OnnxTensor toNative(OrtEnvironment environment, String name, HostTensor tensor)
      throws OrtException {
    OnnxJavaType type =
        javaType(tensor.type())
            .orElseThrow(
                () ->
                    new InputFault(
                        "input '%s': %s (expected: a type ONNX Runtime takes from Java; cast it in the model)"
                            .formatted(name, tensor.type())));
    ByteBuffer bytes = tensor.bytes();
    ByteBuffer direct =
        ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder()).put(bytes);
    return OnnxTensor.createTensor(environment, direct.flip(), tensor.shape().sizes(), type);
  }

  /** A copy on the heap. */
  static HostTensor toHost(String name, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new RunFault("output '%s': %s (expected: a tensor)".formatted(name, value.getType()));
    }
    TensorInfo info = tensor.getInfo();
    DType type =
        type(info.onnxType)
            .orElseThrow(
                () ->
                    new RunFault(
                        "output '%s': %s (expected: a number type)".formatted(name, info.type)));
    return HostTensor.of(type, shape(tensor), tensor.getByteBuffer());
  }

  static Shape shape(OnnxTensor tensor) {
    return Shape.of(tensor.getInfo().getShape());
  }

  private static Optional<OnnxJavaType> javaType(DType type) {
    return switch (type) {
      case FLOAT32 -> Optional.of(OnnxJavaType.FLOAT);
      case FLOAT64 -> Optional.of(OnnxJavaType.DOUBLE);
      case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
      case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
      case INT8 -> Optional.of(OnnxJavaType.INT8);
      case UINT8 -> Optional.of(OnnxJavaType.UINT8);
      case INT16 -> Optional.of(OnnxJavaType.INT16);
      case INT32 -> Optional.of(OnnxJavaType.INT32);
      case INT64 -> Optional.of(OnnxJavaType.INT64);
      case BOOL -> Optional.of(OnnxJavaType.BOOL);
      case UINT16, UINT32, UINT64 -> Optional.empty();
    };
  }

  private static Optional<DType> type(TensorInfo.OnnxTensorType type) {
    return switch (type) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(DType.FLOAT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(DType.FLOAT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(DType.FLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(DType.BFLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(DType.INT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(DType.UINT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(DType.INT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(DType.UINT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(DType.INT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(DType.UINT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(DType.INT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(DType.UINT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(DType.BOOL);
      default -> Optional.empty();
    };
  }
}
