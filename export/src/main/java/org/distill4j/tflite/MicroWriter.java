package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.distill4j.fault.InputFault;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.storage.AtomicFile;

/**
 * Writes a TFLite file as C for a microcontroller: {@code model.cc} with the bytes, {@code model.h}
 * with the operators to register and the arena that the activations take.
 */
public final class MicroWriter {
  private static final int PER_LINE = 16;
  private static final int ALIGNMENT = 16;

  private MicroWriter() {}

  /**
   * Writes {@code model.tflite}, {@code model.h} and {@code model.cc}.
   *
   * @return the file's bytes
   * @throws InputFault naming every operator that TFLite Micro has no kernel for
   */
  public static byte[] write(
      LoweredGraph lowered, Precision precision, InputOutputType ends, Path folder) {
    if (precision == Precision.INT8) {
      TfliteWriter.requireQuantized(lowered);
    }
    Translation translation = new Translation(lowered, precision, ends);
    List<String> faults = new ArrayList<>();
    for (Instruction one : translation.instructions) {
      String name = org.tensorflow.lite.schema.BuiltinOperator.names[one.code()];
      if (!MicroOperators.has(name)) {
        faults.add(
            one.origin()
                + ": becomes "
                + name
                + ", which TFLite Micro has not (expected: an operator of docs/export.md); replace"
                + " it in the model");
      }
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
    byte[] bytes = TfliteWriter.pack(translation);
    List<String> operators = TfliteWriter.operators(translation);
    long arena = Arena.measure(ByteBuffer.wrap(bytes));
    AtomicFile.write(folder.resolve("model.tflite"), "micro", bytes);
    AtomicFile.write(folder.resolve("model.h"), "micro-header", header(lowered, operators, arena));
    AtomicFile.write(folder.resolve("model.cc"), "micro-array", array(bytes));
    return bytes;
  }

  private static String header(LoweredGraph lowered, List<String> operators, long arena) {
    String adds =
        operators.stream()
            .map(o -> "  resolver->" + adder(o) + "();")
            .collect(Collectors.joining("\n"));
    return """
    // %s, made by distill4j
    #ifndef DISTILL4J_MODEL_H_
    #define DISTILL4J_MODEL_H_

    // The model, aligned so that it can be used where it lies.
    extern const unsigned char g_model[];
    extern const unsigned int g_model_length;

    // What the activations take as TFLite's planner lays them. TFLite Micro keeps records of its
    // own in the same arena: begin with some kilobytes more, then ask its arena_used_bytes().
    constexpr unsigned int kModelActivationBytes = %s;

    // Registers the operators that the model needs:
    //   tflite::MicroMutableOpResolver<kModelOperators> resolver;
    //   RegisterModelOperators(&resolver);
    constexpr unsigned int kModelOperators = %s;

    template <typename Resolver>
    void RegisterModelOperators(Resolver* resolver) {
    %s
    }

    #endif  // DISTILL4J_MODEL_H_
    """
        .formatted(
            lowered.graph().name().replaceAll("[\\r\\n\\\\]", " "), arena, operators.size(), adds);
  }

  /** {@code FULLY_CONNECTED} as {@code AddFullyConnected}. */
  static String adder(String operator) {
    StringBuilder name = new StringBuilder("Add");
    for (String word : operator.split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      name.append(Character.toUpperCase(lower.charAt(0))).append(lower.substring(1));
    }
    return name.toString()
        .replace("2d", "2D")
        .replace("Padv2", "PadV2")
        .replace("BatchMatmul", "BatchMatMul");
  }

  private static String array(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 5 + 200);
    text.append("#include \"model.h\"\n\nalignas(")
        .append(ALIGNMENT)
        .append(") const unsigned char g_model[] = {");
    for (int i = 0; i < bytes.length; i++) {
      text.append(i % PER_LINE == 0 ? "\n  " : " ");
      text.append("0x");
      text.append(Character.forDigit((bytes[i] >> 4) & 0xf, 16));
      text.append(Character.forDigit(bytes[i] & 0xf, 16)).append(',');
    }
    return text.append("\n};\nconst unsigned int g_model_length = ")
        .append(bytes.length)
        .append(";\n")
        .toString();
  }
}
