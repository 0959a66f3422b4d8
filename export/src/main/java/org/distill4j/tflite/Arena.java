package org.distill4j.tflite;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.distill4j.fault.InputFault;

/**
 * How much memory a file's activations take at once, as the interpreter's own planner lays them.
 */
final class Arena {
  private Arena() {}

  /**
   * The bytes from the first to the last activation, for a batch of one, without any delegate.
   *
   * @throws InputFault if the interpreter refuses the file
   */
  static long measure(ByteBuffer file) {
    TfliteNatives.load();
    try (BytePointer bytes = new BytePointer(file.remaining());
        BuiltinOpResolverWithoutDefaultDelegates resolver =
            new BuiltinOpResolverWithoutDefaultDelegates()) {
      bytes.asByteBuffer().put(file.duplicate());
      try (FlatBufferModel model =
              FlatBufferModel.VerifyAndBuildFromBuffer(bytes, file.remaining());
          InterpreterBuilder builder = new InterpreterBuilder(model, resolver);
          Interpreter interpreter = new Interpreter((Pointer) null)) {
        boolean ready = builder.apply(interpreter) == 0 && interpreter.AllocateTensors() == 0;
        if (!ready) {
          throw new InputFault("tflite-micro: TFLite cannot plan the file's memory");
        }
        return span(interpreter);
      }
    }
  }

  private static long span(Interpreter interpreter) {
    long first = Long.MAX_VALUE;
    long last = 0;
    for (int i = 0; i < interpreter.tensors_size(); i++) {
      TfLiteTensor tensor = interpreter.tensor(i);
      Pointer data = tensorflowlite.TfLiteTensorData(tensor);
      if (tensor.allocation_type() == tensorflowlite.kTfLiteArenaRw && data != null) {
        first = Math.min(first, data.address());
        last = Math.max(last, data.address() + tensor.bytes());
      }
    }
    return Math.max(0, last - first);
  }
}
