package org.distill4j.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.lowered.LoweredGraph;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SignatureDef;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorMap;

/**
 * Writes a lowered graph as a TFLite file: one flatbuffer that can be mapped and read in place,
 * with a signature {@code serving_default}, and TFLite's metadata (class names, preprocessing,
 * lineage).
 *
 * <p>The same lowered graph gives the same bytes.
 */
public final class TfliteWriter {
  private static final int VERSION = 3; // of the schema
  private static final int PLACEHOLDER = 127; // stands for greater codes in the old field
  private static final String SIGNATURE = "serving_default";

  private TfliteWriter() {}

  /**
   * The file's bytes.
   *
   * @param ends what goes in and out of a file that computes in 8 bits
   * @throws InputFault if 8 bits are asked of a model that does not say how
   */
  public static byte[] toBytes(LoweredGraph lowered, Precision precision, InputOutputType ends) {
    if (precision == Precision.INT8) {
      requireQuantized(lowered);
    }
    return pack(new Translation(lowered, precision, ends));
  }

  /** The file's bytes. */
  static byte[] pack(Translation translation) {
    return new TfliteWriter.Packing(translation).pack();
  }

  /**
   * Refuses a model that does not say how 8-bit numbers stand for its values.
   *
   * @throws InputFault if it has no QuantizeLinear nodes
   */
  public static void requireQuantized(LoweredGraph lowered) {
    if (!lowered.isQuantized()) {
      throw new InputFault(
          "model '"
              + lowered.graph().name()
              + "': has no QuantizeLinear nodes (expected: a quantized model for int8); quantize it"
              + " first, or export in float or with dynamic range");
    }
  }

  /** The operators that a file needs, by name, each once, in the order of first use. */
  public static List<String> operators(
      LoweredGraph lowered, Precision precision, InputOutputType ends) {
    return operators(new Translation(lowered, precision, ends));
  }

  /** The operators of a file, by name, each once, in the order of first use. */
  static List<String> operators(Translation translation) {
    return translation.instructions.stream()
        .map(i -> org.tensorflow.lite.schema.BuiltinOperator.names[i.code()])
        .distinct()
        .toList();
  }

  /** An operator as a file lists it. */
  private record Code(int code, int version) {}

  /** One file while it is packed. */
  private static final class Packing {
    private final Translation from;
    private final FlatBufferBuilder b = new FlatBufferBuilder(1 << 16);
    private final Map<Code, Integer> codes = new LinkedHashMap<>();

    Packing(Translation from) {
      this.from = from;
    }

    byte[] pack() {
      Map<String, ByteBuffer> texts = ModelMetadata.of(from.lowered);
      Map<String, Integer> buffers = new LinkedHashMap<>();
      texts.forEach((name, bytes) -> buffers.put(name, from.tensors.buffer(bytes)));
      int[] data = from.tensors.packBuffers(b);
      int[] operators = operators();
      int graph = graph(operators);
      int opcodes = opcodes();
      int signatures = Model.createSignatureDefsVector(b, new int[] {signature()});
      List<Integer> metadata = new ArrayList<>();
      buffers.forEach(
          (name, buffer) -> metadata.add(Metadata.createMetadata(b, b.createString(name), buffer)));
      int all = Model.createMetadataVector(b, ints(metadata));
      int graphs = Model.createSubgraphsVector(b, new int[] {graph});
      int description = b.createString("distill4j");
      int bytes = Model.createBuffersVector(b, data);
      int model =
          Model.createModel(b, VERSION, opcodes, graphs, description, bytes, 0, all, signatures);
      Model.finishModelBuffer(b, model);
      return Appendix.append(b.sizedByteArray(), ModelMetadata.labels(from.lowered));
    }

    private int[] operators() {
      List<Integer> offsets = new ArrayList<>();
      for (Instruction one : from.instructions) {
        int code = codes.computeIfAbsent(new Code(one.code(), one.version()), k -> codes.size());
        int in = Operator.createInputsVector(b, ints(one.inputs()));
        int out = Operator.createOutputsVector(b, ints(one.outputs()));
        int options = one.options() == null ? 0 : one.options().applyAsInt(b);
        Operator.startOperator(b);
        Operator.addOpcodeIndex(b, code);
        Operator.addInputs(b, in);
        Operator.addOutputs(b, out);
        if (options != 0) {
          Operator.addBuiltinOptionsType(b, one.optionsType());
          Operator.addBuiltinOptions(b, options);
        }
        offsets.add(Operator.endOperator(b));
      }
      return ints(offsets);
    }

    private int opcodes() {
      List<Integer> offsets = new ArrayList<>();
      for (Code one : codes.keySet()) {
        byte old = (byte) Math.min(one.code(), PLACEHOLDER);
        offsets.add(OperatorCode.createOperatorCode(b, old, 0, one.version(), one.code()));
      }
      return Model.createOperatorCodesVector(b, ints(offsets));
    }

    private int graph(int[] operators) {
      int tensors = SubGraph.createTensorsVector(b, from.tensors.pack(b));
      int in = SubGraph.createInputsVector(b, ints(from.inputs.values()));
      int out = SubGraph.createOutputsVector(b, ints(from.outputs.values()));
      int ops = SubGraph.createOperatorsVector(b, operators);
      int name = b.createString("main");
      return SubGraph.createSubGraph(b, tensors, in, out, ops, name);
    }

    private int signature() {
      int in = SignatureDef.createInputsVector(b, maps(from.inputs));
      int out = SignatureDef.createOutputsVector(b, maps(from.outputs));
      return SignatureDef.createSignatureDef(b, in, out, b.createString(SIGNATURE), 0);
    }

    private int[] maps(Map<String, Integer> ends) {
      List<Integer> offsets = new ArrayList<>();
      ends.forEach(
          (name, index) -> offsets.add(TensorMap.createTensorMap(b, b.createString(name), index)));
      return ints(offsets);
    }

    private static int[] ints(java.util.Collection<Integer> values) {
      return values.stream().mapToInt(i -> i).toArray();
    }
  }

  /** Bytes of a text. */
  static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
