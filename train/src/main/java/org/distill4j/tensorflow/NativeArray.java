package org.distill4j.tensorflow;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.distill4j.tensor.Shape;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tensorflow.types.TFloat32;

/**
 * A float32 array in TensorFlow's own memory, written in place again and again: feeding it copies
 * nothing and allocates nothing.
 *
 * <p>Whoever fills it must not do so while a step that was fed with it runs.
 */
public final class NativeArray implements AutoCloseable {
  private final TFloat32 tensor;
  private final FloatBuffer floats;

  /** An array of zeros. */
  public NativeArray(Shape shape) {
    tensor = TFloat32.tensorOf(org.tensorflow.ndarray.Shape.of(shape.sizes()));
    floats = view(tensor);
    for (int i = 0; i < floats.limit(); i++) {
      floats.put(i, 0);
    }
  }

  /** What is fed. */
  public TFloat32 tensor() {
    return tensor;
  }

  /**
   * Its elements, direct and in native order; each call gives an independent view from the start.
   */
  public FloatBuffer floats() {
    return floats.duplicate();
  }

  /** The elements of any tensor, without copying, for as long as it is open. */
  public static FloatBuffer view(TFloat32 tensor) {
    long bytes = tensor.numBytes();
    return tensor
        .asRawTensor()
        .data()
        .accept(
            new DataStorageVisitor<FloatBuffer>() {
              @Override
              public FloatBuffer visit(ByteBuffer buffer) {
                return buffer.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
              }

              @Override
              public FloatBuffer visit(long address, long length, long scale) {
                return new Pointer(address)
                    .getByteBuffer(0, bytes)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
              }

              @Override
              public FloatBuffer fallback() {
                throw new IllegalStateException(
                    "tensor memory: not direct (expected: TensorFlow's own)");
              }
            });
  }

  @Override
  public void close() {
    tensor.close();
  }
}
