package org.distill4j.engine.lowering;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.DoubleDataBuffer;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Copies arrays of floating-point numbers between the JVM's memory and TensorFlow's. */
public final class ArrayCopy {
  private ArrayCopy() {}

  /** A TensorFlow tensor, to be closed, with the elements of any host tensor. */
  static <T extends TFloating> T toTensorFlow(HostTensor tensor, Class<T> type) {
    org.tensorflow.ndarray.Shape shape = shape(tensor.shape());
    if (type == TFloat64.class) {
      DoubleDataBuffer values = DataBuffers.of(tensor.toDoubles(), true, false);
      return type.cast(TFloat64.tensorOf(shape, values));
    }
    FloatDataBuffer values = DataBuffers.of(tensor.toFloats(), true, false);
    return type.cast(TFloat32.tensorOf(shape, values));
  }

  /** A float32 copy of a TensorFlow tensor of float32 or float64. */
  public static HostTensor toHost(Tensor tensor) {
    int elements = Math.toIntExact(tensor.shape().size());
    ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[elements];
    if (tensor instanceof TFloat64) {
      double[] doubles = new double[elements];
      tensor.asRawTensor().data().asDoubles().read(doubles);
      for (int i = 0; i < elements; i++) {
        values[i] = (float) doubles[i];
      }
    } else {
      tensor.asRawTensor().data().asFloats().read(values);
    }
    bytes.asFloatBuffer().put(values);
    return HostTensor.of(DType.FLOAT32, Shape.of(tensor.shape().asArray()), bytes);
  }

  /** A static shape in TensorFlow's terms. */
  static org.tensorflow.ndarray.Shape shape(Shape shape) {
    return org.tensorflow.ndarray.Shape.of(shape.sizes());
  }
}
