package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.inference.BatchRun;
import org.distill4j.inference.RuntimePredictor;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.ElementOrder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** A TFLite file opened in the interpreter, one run after another. */
final class TflitePredictor extends RuntimePredictor {
  private final TfliteFile file;
  private final NativeModel model;
  private Optional<List<Shape>> shapes = Optional.empty(); // what room is made for

  TflitePredictor(String name, TfliteFile file, int threads) {
    super(name, file.inputs(), file.outputs(), Calls.ONE_BY_ONE);
    this.file = file;
    this.model = new NativeModel("model '" + name + "'", wayOut(file), file.bytes(), threads);
  }

  private static String wayOut(TfliteFile file) {
    return file.operatorsOfTensorFlow().isEmpty()
        ? ""
        : "; it holds operators of TensorFlow, "
            + String.join(", ", file.operatorsOfTensorFlow())
            + ": convert it without SELECT_TF_OPS, or give the SavedModel that it was made from";
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> inputs) {
    return file.isRemembering() ? eachAlone(inputs, this::afresh) : together(inputs);
  }

  /** What it answers when it remembers nothing. */
  private Map<String, HostTensor> afresh(Map<String, HostTensor> inputs) {
    model.reset();
    shapes = Optional.empty();
    return together(inputs);
  }

  private Map<String, HostTensor> together(Map<String, HostTensor> inputs) {
    List<Shape> held = new ArrayList<>();
    for (TfliteFile.End end : file.ends(true)) {
      held.add(ElementOrder.held(inputs.get(end.value().name()).shape(), end.turned()));
    }
    allocate(held);
    for (int i = 0; i < held.size(); i++) {
      TfliteFile.End end = file.ends(true).get(i);
      HostTensor given = inputs.get(end.value().name());
      ByteBuffer memory = model.input(i);
      if (given.type() == DType.FLOAT32) {
        write(end, given.floats(), held.get(i), memory);
      } else {
        memory.put(ElementOrder.moved(given, end.turned(), true).bytes());
      }
    }
    model.invoke();
    Map<String, HostTensor> results = new LinkedHashMap<>();
    for (int i = 0; i < file.ends(false).size(); i++) {
      results.put(file.ends(false).get(i).value().name(), output(i));
    }
    return results;
  }

  private HostTensor output(int index) {
    TfliteFile.End end = file.ends(false).get(index);
    Shape shape = model.outputShape(index);
    ByteBuffer memory = model.output(index);
    if (end.value().type() == DType.FLOAT32) {
      int elements = Math.toIntExact(shape.elements());
      ByteBuffer bytes = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
      read(end, memory, shape, bytes.asFloatBuffer());
      return HostTensor.of(DType.FLOAT32, ElementOrder.told(shape, end.turned()), bytes);
    }
    ByteBuffer copy = ByteBuffer.allocate(memory.remaining()).put(memory.duplicate()).flip();
    return ElementOrder.moved(HostTensor.of(end.stored(), shape, copy), end.turned(), false);
  }

  @Override
  protected void answer(BatchRun.Bound in, BatchRun.Bound out) {
    if (file.isRemembering()) {
      super.answer(in, out);
      return;
    }
    TfliteFile.End from = file.ends(true).get(0);
    Shape held = ElementOrder.held(in.shape(), from.turned());
    allocate(List.of(held));
    write(from, in.values(), held, model.input(0));
    model.invoke();
    read(file.ends(false).get(0), model.output(0), model.outputShape(0), out.values());
  }

  private void allocate(List<Shape> held) {
    if (!shapes.equals(Optional.of(held))) {
      shapes = Optional.empty(); // also if these are refused
      model.allocate(held);
      shapes = Optional.of(held);
    }
  }

  /** Real numbers, channels first, into the file's own. */
  private static void write(TfliteFile.End end, FloatBuffer from, Shape held, ByteBuffer memory) {
    ElementOrder order = new ElementOrder(held, end.turned());
    if (end.scaling().isEmpty()) {
      order.toHeld(from, memory.asFloatBuffer());
      return;
    }
    AffineScaling scaling = end.scaling().get();
    float scale = scaling.scales().get(0);
    long zero = scaling.zeroPoints().get(0);
    boolean wide = end.stored() == DType.INT16;
    int low = wide ? Short.MIN_VALUE : end.stored() == DType.UINT8 ? 0 : Byte.MIN_VALUE;
    int high = low + (wide ? 0xffff : 0xff);
    order.forEach(
        (told, at) -> {
          double real = Math.rint(from.get(from.position() + told) / scale) + zero;
          int number = (int) Math.max(low, Math.min(high, real));
          if (wide) {
            memory.putShort(2 * at, (short) number);
          } else {
            memory.put(at, (byte) number);
          }
        });
  }

  /** The file's numbers as real ones, channels first. */
  private static void read(TfliteFile.End end, ByteBuffer memory, Shape held, FloatBuffer to) {
    ElementOrder order = new ElementOrder(held, end.turned());
    if (end.scaling().isEmpty()) {
      order.toTold(memory.asFloatBuffer(), to);
      return;
    }
    AffineScaling scaling = end.scaling().get();
    float scale = scaling.scales().get(0);
    long zero = scaling.zeroPoints().get(0);
    DType stored = end.stored();
    order.forEach(
        (told, at) -> {
          int number =
              stored == DType.INT16
                  ? memory.getShort(2 * at)
                  : stored == DType.UINT8 ? memory.get(at) & 0xff : memory.get(at);
          to.put(to.position() + told, (number - zero) * scale);
        });
  }

  @Override
  protected void free() {
    model.close();
  }
}
