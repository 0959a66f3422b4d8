package org.distill4j.savedmodel;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Arrays between the JVM's memory and TensorFlow's, of any type that TensorFlow Java has. */
final class NativeTensors {
  private NativeTensors() {}

  /** A static shape in TensorFlow's terms. */
  static org.tensorflow.ndarray.Shape shape(Shape shape) {
    return org.tensorflow.ndarray.Shape.of(shape.sizes());
  }

  /** A copy in TensorFlow's memory, to be closed. */
  static Tensor toTensorFlow(HostTensor tensor) {
    byte[] bytes = new byte[tensor.bytes().remaining()];
    tensor.bytes().get(bytes);
    return Tensor.of(
        type(tensor.type()), shape(tensor.shape()), DataBuffers.of(bytes, true, false));
  }

  /** A copy in the JVM's memory. */
  static HostTensor toHost(Tensor tensor, DType type) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return HostTensor.of(type, Shape.of(tensor.shape().asArray()), ByteBuffer.wrap(bytes));
  }

  /**
   * Refuses a type that has no arrays in Java.
   *
   * @throws InputFault naming it
   */
  static void requireType(DType type) {
    type(type);
  }

  private static Class<? extends TType> type(DType type) {
    return switch (type) {
      case FLOAT32 -> TFloat32.class;
      case FLOAT64 -> TFloat64.class;
      case FLOAT16 -> TFloat16.class;
      case BFLOAT16 -> TBfloat16.class;
      case UINT8 -> TUint8.class;
      case INT32 -> TInt32.class;
      case INT64 -> TInt64.class;
      case BOOL -> TBool.class;
      default ->
          throw new InputFault(
              "TensorFlow Java has no arrays of "
                  + type
                  + " (expected: floating-point, UINT8, INT32, INT64 or BOOL); cast them in the model");
    };
  }

  /** The elements where they lie, for as long as the tensor is open. */
  static FloatBuffer view(TFloat32 tensor) {
    return org.distill4j.tensorflow.NativeArray.view(tensor);
  }
}
