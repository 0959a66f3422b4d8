package org.distill4j.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/** The tensors of a file and the bytes of those that are constant. */
final class Tensors {
  /** Kernels read constants in vectors of this many bytes. */
  private static final int ALIGNMENT = 16;

  /** One tensor; the buffer 0 is empty. */
  private record Entry(
      String name,
      DType type,
      Shape shape,
      Shape open,
      int buffer,
      Optional<AffineScaling> scaling) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<ByteBuffer> buffers = new ArrayList<>(List.of(ByteBuffer.allocate(0)));

  /**
   * Adds what is computed.
   *
   * @param shape for a batch of one
   * @param open the same with symbols for what depends on the batch
   */
  int computed(String name, DType type, Shape shape, Shape open, Optional<AffineScaling> scaling) {
    entries.add(new Entry(name, type, shape, open, 0, scaling));
    return entries.size() - 1;
  }

  /** Adds a constant. */
  int constant(String name, HostTensor tensor, Optional<AffineScaling> scaling) {
    int buffer = buffer(tensor.bytes());
    entries.add(new Entry(name, tensor.type(), tensor.shape(), tensor.shape(), buffer, scaling));
    return entries.size() - 1;
  }

  /** Adds 32-bit integers. */
  int integers(String name, Shape shape, int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * values.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return constant(name, HostTensor.of(DType.INT32, shape, bytes), Optional.empty());
  }

  /** Adds bytes that no tensor holds. */
  int buffer(ByteBuffer bytes) {
    buffers.add(bytes);
    return buffers.size() - 1;
  }

  DType type(int index) {
    return entries.get(index).type();
  }

  /** Writes all buffers, aligned, so that a mapped file can be read in place. */
  int[] packBuffers(FlatBufferBuilder b) {
    int[] offsets = new int[buffers.size()];
    for (int i = 0; i < offsets.length; i++) {
      ByteBuffer bytes = buffers.get(i).duplicate();
      int data = 0;
      if (bytes.hasRemaining()) {
        ByteBuffer room = b.createUnintializedVector(1, bytes.remaining(), ALIGNMENT);
        room.put(bytes);
        data = b.endVector();
      }
      Buffer.startBuffer(b);
      if (data != 0) {
        Buffer.addData(b, data);
      }
      offsets[i] = Buffer.endBuffer(b);
    }
    return offsets;
  }

  int[] pack(FlatBufferBuilder b) {
    int[] offsets = new int[entries.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = pack(b, entries.get(i));
    }
    return offsets;
  }

  private static int pack(FlatBufferBuilder b, Entry entry) {
    int name = b.createString(entry.name());
    int shape = Tensor.createShapeVector(b, ints(entry.shape()));
    boolean open = !entry.open().isStatic();
    int signature = open ? Tensor.createShapeSignatureVector(b, ints(entry.open())) : 0;
    int scaling = entry.scaling().map(s -> pack(b, s)).orElse(0);
    Tensor.startTensor(b);
    Tensor.addShape(b, shape);
    Tensor.addType(b, code(entry.type()));
    Tensor.addBuffer(b, entry.buffer());
    Tensor.addName(b, name);
    if (scaling != 0) {
      Tensor.addQuantization(b, scaling);
    }
    if (open) {
      Tensor.addShapeSignature(b, signature);
    }
    Tensor.addHasRank(b, true);
    return Tensor.endTensor(b);
  }

  private static int pack(FlatBufferBuilder b, AffineScaling scaling) {
    float[] scales = new float[scaling.scales().size()];
    long[] zeros = new long[scales.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scaling.scales().get(i);
      zeros[i] = scaling.zeroPoints().get(i);
    }
    int scale = QuantizationParameters.createScaleVector(b, scales);
    int zero = QuantizationParameters.createZeroPointVector(b, zeros);
    QuantizationParameters.startQuantizationParameters(b);
    QuantizationParameters.addScale(b, scale);
    QuantizationParameters.addZeroPoint(b, zero);
    QuantizationParameters.addQuantizedDimension(b, scaling.axis());
    return QuantizationParameters.endQuantizationParameters(b);
  }

  private static int[] ints(Shape shape) {
    return shape.dims().stream().mapToInt(d -> Math.toIntExact(d.size())).toArray();
  }

  /** The number that the format has for a type. */
  static byte code(DType type) {
    return switch (type) {
      case FLOAT32 -> TensorType.FLOAT32;
      case FLOAT16 -> TensorType.FLOAT16;
      case FLOAT64 -> TensorType.FLOAT64;
      case INT8 -> TensorType.INT8;
      case UINT8 -> TensorType.UINT8;
      case INT16 -> TensorType.INT16;
      case UINT16 -> TensorType.UINT16;
      case INT32 -> TensorType.INT32;
      case UINT32 -> TensorType.UINT32;
      case INT64 -> TensorType.INT64;
      case UINT64 -> TensorType.UINT64;
      case BOOL -> TensorType.BOOL;
      case BFLOAT16 ->
          throw new org.distill4j.fault.InputFault(
              "element type BFLOAT16 (expected: one that TFLite has); export in float32");
    };
  }
}
