package org.distill4j.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * One operator of a file.
 *
 * @param code of {@code BuiltinOperator}
 * @param version the least that computes this
 * @param optionsType of {@code BuiltinOptions}
 * @param options writes them; null if there are none
 * @param inputs tensor indices, -1 for one that is left out
 * @param outputs tensor indices
 * @param origin the ONNX node it comes from, for messages
 */
record Instruction(
    int code,
    int version,
    byte optionsType,
    ToIntFunction<FlatBufferBuilder> options,
    List<Integer> inputs,
    List<Integer> outputs,
    String origin) {
  /** Takes copies. */
  Instruction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
