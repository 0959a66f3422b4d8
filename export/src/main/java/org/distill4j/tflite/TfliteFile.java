package org.distill4j.tflite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.ElementOrder;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/**
 * A TFLite file as it lies on disk: its inputs, outputs and metadata.
 *
 * <p>Maps have their channels last in these files; here they are told as ONNX tells them, channels
 * first, and integers with a scale, of 8 or 16 bits, as the real numbers that they stand for.
 */
public final class TfliteFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IDENTIFIER = "TFL3";
  private static final long MOST = Integer.MAX_VALUE;

  /** Integers that stand for real numbers where they have a scale. */
  private static final Set<DType> SCALED = Set.of(DType.INT8, DType.UINT8, DType.INT16);

  /**
   * Where the file is fed or read.
   *
   * @param value as ONNX would declare it
   * @param stored the elements in the file
   * @param held the shape in the file, for a batch of one
   * @param turned whether a map is told channels first and held channels last
   * @param scaling what integers stand for
   */
  record End(
      Value value, DType stored, Shape held, boolean turned, Optional<AffineScaling> scaling) {}

  private final String name;
  private final ByteBuffer bytes;
  private final List<End> inputs;
  private final List<End> outputs;
  private final Map<String, String> metadata;
  private final Optional<String> lastOperator;
  private final boolean isRemembering;
  private final Set<String> operatorsOfTensorFlow;

  private TfliteFile(String name, ByteBuffer bytes) {
    this.name = name;
    this.bytes = bytes;
    try {
      Model model = Model.getRootAsModel(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
      SubGraph graph = model.subgraphs(0);
      Optional<JsonNode> own = own(model);
      this.inputs = ends(graph, true, own);
      this.outputs = ends(graph, false, own);
      this.metadata = metadata(own);
      FileOperators operators = new FileOperators(model);
      this.lastOperator = operators.end();
      this.isRemembering = operators.remember();
      this.operatorsOfTensorFlow = operators.ofTensorFlow();
    } catch (InputFault e) {
      throw new InputFault(name + ": " + e.lines().get(0), e);
    } catch (RuntimeException e) { // whatever the reader of flat buffers stumbles over
      throw new InputFault(name + ": is damaged (expected: a TFLite model); copy it again", e);
    }
  }

  /**
   * Maps a file.
   *
   * @throws InputFault if it is no TFLite model
   */
  public static TfliteFile read(Path file) {
    long size;
    try {
      size = Files.size(file);
    } catch (java.io.IOException e) {
      throw new InputFault(file + ": cannot be read (expected: a TFLite model); check the path", e);
    }
    if (size > MOST || Files.isDirectory(file)) {
      throw new InputFault(file + ": is no file of less than 2 GB (expected: a TFLite model)");
    }
    return of(file.toString(), MappedFile.stretch(file, 0, (int) size));
  }

  /** A file in memory, which must not be changed while it is in use. */
  static TfliteFile of(String name, ByteBuffer bytes) {
    byte[] mark = new byte[4];
    if (bytes.remaining() > 8) {
      bytes.duplicate().position(4).get(mark);
    }
    if (!new String(mark, StandardCharsets.US_ASCII).equals(IDENTIFIER)) {
      throw new InputFault(name + ": is no TFLite model (expected: " + IDENTIFIER + " at byte 4)");
    }
    return new TfliteFile(name, bytes);
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** The bytes, whole. */
  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  List<End> ends(boolean input) {
    return input ? inputs : outputs;
  }

  /** What is fed. */
  public List<Value> inputs() {
    return inputs.stream().map(End::value).toList();
  }

  /** How the file holds its first input, where that is told in another order. */
  public Optional<Shape> held() {
    return inputs.stream()
        .limit(1)
        .filter(End::turned)
        .map(end -> ElementOrder.held(end.value().shape(), true))
        .findFirst();
  }

  /** What comes out. */
  public List<Value> outputs() {
    return outputs.stream().map(End::value).toList();
  }

  /** The operator that ends it, as ONNX calls it, where it says what the answers are. */
  public Optional<String> lastOperator() {
    return lastOperator;
  }

  /** Whether it keeps something of each example for the next. */
  boolean isRemembering() {
    return isRemembering;
  }

  /** The operators that TFLite alone has not. */
  Set<String> operatorsOfTensorFlow() {
    return operatorsOfTensorFlow;
  }

  /** The texts of the model it was made from; empty for a file of another make. */
  public Map<String, String> metadata() {
    return metadata;
  }

  private static Optional<JsonNode> own(Model model) {
    for (int i = 0; i < model.metadataLength(); i++) {
      Metadata entry = model.metadata(i);
      if (ModelMetadata.OWN.equals(entry.name())) {
        Buffer buffer = model.buffers((int) entry.buffer());
        ByteBuffer data = buffer.dataAsByteBuffer();
        byte[] text = new byte[data.remaining()];
        data.get(text);
        try {
          return Optional.of(JSON.readTree(new String(text, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
          return Optional.empty(); // another program's entry of that name
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> metadata(Optional<JsonNode> own) {
    Map<String, String> texts = new LinkedHashMap<>();
    own.ifPresent(
        node ->
            node.path("metadata")
                .properties()
                .forEach(e -> texts.put(e.getKey(), e.getValue().asText())));
    return texts;
  }

  private static List<End> ends(SubGraph graph, boolean input, Optional<JsonNode> own) {
    List<End> ends = new ArrayList<>();
    int count = input ? graph.inputsLength() : graph.outputsLength();
    for (int i = 0; i < count; i++) {
      Tensor tensor = graph.tensors(input ? graph.inputs(i) : graph.outputs(i));
      JsonNode said = own.map(o -> o.path(input ? "inputs" : "outputs")).orElse(null);
      ends.add(end(tensor, said == null ? null : said.get(i), input));
    }
    return ends;
  }

  private static End end(Tensor tensor, JsonNode said, boolean input) {
    List<Dim> held = new ArrayList<>();
    List<Dim> open = new ArrayList<>();
    for (int axis = 0; axis < tensor.shapeLength(); axis++) {
      boolean free = tensor.shapeSignatureLength() > axis && tensor.shapeSignature(axis) < 0;
      held.add(Dim.of(tensor.shape(axis)));
      open.add(free ? Dim.of(axis == 0 ? "batch" : "extent" + axis) : Dim.of(tensor.shape(axis)));
    }
    boolean turned =
        said == null
            ? input ? ElementOrder.isLast(Shape.of(open)) : held.size() == 4
            : said.path("layout").asText().equals("channels_last");
    Shape shape = Shape.of(open);
    if (turned) {
      int[] order = Axes.toFirst(open.size());
      shape = Shape.of(java.util.Arrays.stream(order).mapToObj(open::get).toList());
    }
    DType stored = type(tensor.type());
    Optional<AffineScaling> scaling = scaling(tensor);
    boolean real = scaling.isPresent() && SCALED.contains(stored);
    String name = said == null ? tensor.name() : said.path("name").asText();
    Value value = new Value(name, real ? DType.FLOAT32 : stored, shape);
    return new End(value, stored, Shape.of(held), turned, real ? scaling : Optional.empty());
  }

  private static Optional<AffineScaling> scaling(Tensor tensor) {
    QuantizationParameters parameters = tensor.quantization();
    if (parameters == null || parameters.scaleLength() != 1) {
      return Optional.empty();
    }
    float scale = parameters.scale(0);
    if (!(scale > 0 && Float.isFinite(scale))) {
      throw new InputFault(
          "'" + tensor.name() + "' has the scale " + scale + " (expected: > 0); convert it again");
    }
    long zero = parameters.zeroPointLength() == 0 ? 0 : parameters.zeroPoint(0);
    return Optional.of(AffineScaling.of(scale, zero));
  }

  private static DType type(byte code) {
    for (DType type : DType.values()) {
      if (type != DType.BFLOAT16 && Tensors.code(type) == code) {
        return type;
      }
    }
    throw new InputFault(
        "TFLite type " + TensorType.names[code] + " (expected: a number type for inputs, outputs)");
  }
}
