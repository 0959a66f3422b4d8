package org.distill4j.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterResizeInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorByteSize;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorData;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorDim;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorNumDims;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.tensor.Shape;

/** A file opened in the interpreter; not safe to use from several threads. */
final class NativeModel implements AutoCloseable {
  private final String label;
  private final String wayOut;
  private final BytePointer bytes;
  private final TfLiteModel model;
  private final int threads;
  private TfLiteInterpreter interpreter;

  /**
   * Opens a file's bytes.
   *
   * @param label what faults call the model
   * @param wayOut what faults end in, if it cannot be made ready
   * @throws InputFault if TFLite refuses it
   */
  NativeModel(String label, String wayOut, ByteBuffer file, int threads) {
    TfliteNatives.load();
    this.label = label;
    this.wayOut = wayOut;
    this.threads = threads;
    bytes = new BytePointer(file.remaining());
    bytes.asByteBuffer().put(file.duplicate());
    if (!isWhole(bytes, file.remaining())) {
      bytes.deallocate();
      throw new InputFault(label + ": is damaged (expected: a TFLite model); copy it again");
    }
    model = TfLiteModelCreate(bytes, file.remaining());
    if (model == null || model.isNull()) {
      bytes.deallocate();
      throw new InputFault(label + ": is damaged (expected: a TFLite model)");
    }
    interpreter = interpreter();
    if (interpreter == null || interpreter.isNull()) {
      TfLiteModelDelete(model);
      bytes.deallocate();
      throw new InputFault(
          label
              + ": TFLite "
              + TfliteNatives.version()
              + " refuses it"
              + words()
              + " (expected: operators it has)");
    }
  }

  private TfLiteInterpreter interpreter() {
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, threads);
    TfLiteInterpreterOptionsSetErrorReporter(options, NativeWords.listener(), null);
    NativeWords.forget();
    TfLiteInterpreter made = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    return made;
  }

  /** Forgets what earlier runs left in variables; {@link #allocate} has to follow. */
  void reset() {
    TfLiteInterpreterDelete(interpreter);
    interpreter = interpreter(); // TFLite's own reset leaves out variables that are resources
  }

  /** Whether all offsets lie within the file. */
  private static boolean isWhole(BytePointer bytes, long size) {
    try (FlatBufferModel checked = FlatBufferModel.VerifyAndBuildFromBuffer(bytes, size)) {
      return checked != null && !checked.isNull();
    }
  }

  /** Gives inputs other shapes and makes room for all values. */
  void allocate(java.util.List<Shape> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      int[] dims = Arrays.stream(inputs.get(i).sizes()).mapToInt(Math::toIntExact).toArray();
      if (!Arrays.equals(dims, dims(TfLiteInterpreterGetInputTensor(interpreter, i)))) {
        NativeWords.forget();
        requirePrepared(
            TfLiteInterpreterResizeInputTensor(interpreter, i, dims, dims.length),
            "takes no input " + inputs.get(i));
      }
    }
    NativeWords.forget();
    requirePrepared(
        TfLiteInterpreterAllocateTensors(interpreter), "cannot prepare it for " + inputs);
  }

  private void requirePrepared(int status, String what) {
    if (status != 0) {
      throw new InputFault(
          label
              + ": TFLite "
              + TfliteNatives.version()
              + " "
              + what
              + words()
              + " (expected: operators that TFLite has, and shapes that they take)"
              + wayOut);
    }
  }

  void invoke() {
    NativeWords.forget();
    if (TfLiteInterpreterInvoke(interpreter) != 0) {
      throw new RunFault(label + ": TFLite failed while it ran" + words());
    }
  }

  private static String words() {
    String heard = NativeWords.heard();
    return heard.isEmpty() ? "" : ": \"" + heard + "\"";
  }

  /** The memory of an input, until the next {@link #allocate}. */
  ByteBuffer input(int index) {
    return memory(TfLiteInterpreterGetInputTensor(interpreter, index));
  }

  /** The memory of an output, until the next run. */
  ByteBuffer output(int index) {
    return memory(TfLiteInterpreterGetOutputTensor(interpreter, index));
  }

  Shape outputShape(int index) {
    int[] dims = dims(TfLiteInterpreterGetOutputTensor(interpreter, index));
    return Shape.of(Arrays.stream(dims).asLongStream().toArray());
  }

  private static int[] dims(TfLiteTensor tensor) {
    int[] dims = new int[TfLiteTensorNumDims(tensor)];
    Arrays.setAll(dims, i -> TfLiteTensorDim(tensor, i));
    return dims;
  }

  private static ByteBuffer memory(TfLiteTensor tensor) {
    long size = TfLiteTensorByteSize(tensor);
    Pointer data = TfLiteTensorData(tensor);
    if (size == 0 || data == null) {
      return ByteBuffer.allocateDirect(0);
    }
    return new BytePointer(data).capacity(size).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    TfLiteInterpreterDelete(interpreter);
    TfLiteModelDelete(model);
    bytes.deallocate();
  }
}
