package org.distill4j.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.safetensors.SafetensorsWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Golden outputs: inputs of a model and what ONNX Runtime says of each, one example after another.
 * A model of integers is computed in real numbers between its QuantizeLinear and DequantizeLinear
 * nodes, so that its answers are the same on every processor.
 *
 * @param first the model's first output
 * @param inputs for each example a tensor for each input by name, with a batch of one
 * @param outputs likewise
 * @param spans between which numbers each float output lies on data, by name; empty where no data
 *     were asked, for random examples say nothing of it
 */
public record GoldenOutputs(
    String first,
    List<Map<String, HostTensor>> inputs,
    List<Map<String, HostTensor>> outputs,
    Map<String, OutputRange> spans) {
  private static final int SEEN = 512; // examples that say where outputs lie
  private static final int VOCABULARY = 100; // random integers are below this

  /** Takes copies. */
  public GoldenOutputs {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    spans = Map.copyOf(spans);
  }

  /** Random examples in 0..1, the same at each call. */
  public static GoldenOutputs random(Graph model, int n) {
    SplittableRandom random = new SplittableRandom(1);
    List<Map<String, HostTensor>> inputs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Map<String, HostTensor> one = new LinkedHashMap<>();
      for (Value input : model.inputs()) {
        one.put(input.name(), random(input, random));
      }
      inputs.add(one);
    }
    return answered(model, inputs);
  }

  private static HostTensor random(Value input, SplittableRandom random) {
    Shape shape = ofOne(input);
    int elements = Math.toIntExact(shape.elements());
    DType type = input.type();
    ByteBuffer bytes = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat((float) random.nextDouble());
        case INT64 -> bytes.putLong(random.nextInt(VOCABULARY));
        case INT32 -> bytes.putInt(random.nextInt(VOCABULARY));
        default ->
            throw new InputFault(
                "input '"
                    + input.name()
                    + "': "
                    + type
                    + " (expected: FLOAT32, INT32 or INT64 for an export)");
      }
    }
    return HostTensor.of(type, shape, bytes.flip());
  }

  /** The shape with a batch of one. */
  static Shape ofOne(Value input) {
    Shape shape = input.shape();
    if (!shape.isRanked()) {
      throw new InputFault(
          "input '" + input.name() + "': of unknown rank (expected: numbers); fix it with --shape");
    }
    if (shape.rank() > 0 && !shape.dim(0).isKnown()) {
      shape = shape.with(0, Dim.of(1));
    }
    if (!shape.isStatic()) {
      throw new InputFault(
          "input '"
              + input.name()
              + "': "
              + input.shape()
              + " (expected: numbers behind the batch); fix it, as with --shape "
              + input.name()
              + "=1,3,240,320");
    }
    return shape;
  }

  /**
   * The first examples of a data set, preprocessed as the model says; they also say between which
   * numbers the outputs lie.
   */
  public static GoldenOutputs of(Graph model, Dataset data, int n) {
    GoldenOutputs golden = answered(model, examples(model, data, n));
    return golden.with(spans(golden.outputs));
  }

  /**
   * The same with outputs between the numbers that they take on other data, such as training
   * examples; a float model needs none and is not asked.
   */
  public GoldenOutputs seenOn(Graph model, Dataset data) {
    boolean quantized = model.nodes().stream().anyMatch(o -> o.op().equals("QuantizeLinear"));
    return quantized ? with(spans(answered(model, examples(model, data, SEEN)).outputs)) : this;
  }

  private GoldenOutputs with(Map<String, OutputRange> others) {
    return new GoldenOutputs(first, inputs, outputs, others);
  }

  private static Map<String, OutputRange> spans(List<Map<String, HostTensor>> outputs) {
    Map<String, OutputRange> spans = new LinkedHashMap<>();
    for (Map<String, HostTensor> one : outputs) {
      one.forEach(
          (name, tensor) -> {
            OutputRange span = spans.getOrDefault(name, OutputRange.NONE);
            for (double value : tensor.type().isFloating() ? tensor.toDoubles() : new double[0]) {
              span = Double.isFinite(value) ? span.with(value) : span;
            }
            spans.put(name, span);
          });
    }
    return spans;
  }

  private static List<Map<String, HostTensor>> examples(Graph model, Dataset data, int n) {
    Value input = model.onlyInput();
    Preprocessed examples =
        new Preprocessed(data, Metadata.preprocessing(model).orElseGet(data::preprocessing));
    Shape shape = ofOne(input);
    if (!shape.dropFirst().equals(data.shape()) || shape.size(0) != 1) {
      throw new InputFault(
          "input '"
              + input.name()
              + "': "
              + input.shape()
              + " does not take an example "
              + data.shape()
              + " of data '"
              + data.name()
              + "'");
    }
    List<Map<String, HostTensor>> inputs = new ArrayList<>();
    for (int i = 0; i < Math.min(n, data.size()); i++) {
      FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(shape.elements()));
      examples.read(i, values);
      inputs.add(Map.of(input.name(), HostTensor.ofFloats(shape, values.array())));
    }
    return inputs;
  }

  private static GoldenOutputs answered(Graph model, List<Map<String, HostTensor>> inputs) {
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(model, 1)) {
      return new GoldenOutputs(
          model.outputs().get(0).name(), inputs, inputs.stream().map(onnx::run).toList(), Map.of());
    }
  }

  /**
   * Writes all examples, one array {@code [n, ...]} for each {@code input.X} and {@code output.Y}.
   */
  void write(Path file) {
    Map<String, HostTensor> arrays = new TreeMap<>();
    stack("input.", inputs, arrays);
    stack("output.", outputs, arrays);
    SafetensorsWriter.write(file, "golden", arrays, Map.of("order", "as in ONNX"));
  }

  private static void stack(
      String prefix, List<Map<String, HostTensor>> examples, Map<String, HostTensor> into) {
    if (examples.isEmpty()) {
      return;
    }
    for (String name : examples.get(0).keySet()) {
      HostTensor one = examples.get(0).get(name);
      ByteBuffer bytes = ByteBuffer.allocate(examples.size() * one.bytes().remaining());
      examples.forEach(e -> bytes.put(e.get(name).bytes()));
      Shape each = one.shape();
      Shape all =
          each.rank() > 0 && each.size(0) == 1
              ? each.with(0, Dim.of(examples.size()))
              : each.prepend(Dim.of(examples.size()));
      into.put(prefix + name, HostTensor.of(one.type(), all, bytes.flip()));
    }
  }
}
