package org.distill4j.export;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
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
 * @param probes examples beside these, which a form is asked too
 */
public record GoldenOutputs(
    String first,
    List<Map<String, HostTensor>> inputs,
    List<Map<String, HostTensor>> outputs,
    Map<String, OutputRange> spans,
    List<Probe> probes) {
  private static final int SEEN = 512; // examples that say where outputs lie
  private static final double FLOAT_ROUNDING = Math.scalb(1.0, -20); // of long sums

  /** Takes copies. */
  public GoldenOutputs {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    spans = Map.copyOf(spans);
    probes = List.copyOf(probes);
  }

  /** Without probes. */
  public GoldenOutputs(
      String first,
      List<Map<String, HostTensor>> inputs,
      List<Map<String, HostTensor>> outputs,
      Map<String, OutputRange> spans) {
    this(first, inputs, outputs, spans, List.of());
  }

  /**
   * Random examples in 0..1, ids among those that the model's tables have, the same at each call;
   * and probes.
   *
   * @throws InputFault if the model answers one with what is no number
   */
  public static GoldenOutputs random(Graph model, int n) {
    try {
      return random(model, n, new ExampleDraw(model, 1));
    } catch (RunFault e) {
      if (model.inputs().stream().allMatch(input -> input.type().isFloating())) {
        throw e;
      }
      return random(model, n, new ExampleDraw(model, 1).ofFewIds()); // something bounds them
    }
  }

  private static GoldenOutputs random(Graph model, int n, ExampleDraw draw) {
    List<Map<String, HostTensor>> inputs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      inputs.add(draw.one(ExampleDraw.Kind.USUAL));
    }
    return answered(
        model,
        inputs,
        "drawn at random in 0..1 (expected: numbers); give examples of its kind with --data");
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
    GoldenOutputs golden = answered(model, examples(model, data, n), of(data));
    return golden.with(spans(golden.outputs));
  }

  /**
   * The same with outputs between the numbers that they take on other data, such as training
   * examples; a float model needs none and is not asked.
   */
  public GoldenOutputs seenOn(Graph model, Dataset data) {
    boolean quantized = model.nodes().stream().anyMatch(o -> o.op().equals("QuantizeLinear"));
    if (!quantized) {
      return this;
    }
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(model, 1)) {
      return with(spans(outputs(onnx, examples(model, data, SEEN), of(data))));
    }
  }

  private static String of(Dataset data) {
    return "of data '%s' (expected: numbers); mend the model, or look at that example"
        .formatted(data.name());
  }

  private GoldenOutputs with(Map<String, OutputRange> others) {
    return new GoldenOutputs(first, inputs, outputs, others, probes);
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
    Value one = new Value(input.name(), input.type(), ofOne(input));
    List<Map<String, HostTensor>> inputs = new ArrayList<>();
    for (int i = 0; i < Math.min(n, data.size()); i++) {
      FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
      examples.read(i, values);
      inputs.add(Map.of(input.name(), ModelDataCheck.taken(one, data, values.array())));
    }
    return inputs;
  }

  private static GoldenOutputs answered(
      Graph model, List<Map<String, HostTensor>> inputs, String source) {
    requireNumbers(model);
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(model, 1)) {
      return new GoldenOutputs(
          model.outputs().get(0).name(),
          inputs,
          outputs(onnx, inputs, source),
          Map.of(),
          probes(onnx, new ExampleDraw(model, 2), inputs));
    }
  }

  private static List<Map<String, HostTensor>> outputs(
      Predictor onnx, List<Map<String, HostTensor>> inputs, String source) {
    List<Map<String, HostTensor>> all = new ArrayList<>();
    for (Map<String, HostTensor> one : inputs) {
      Map<String, HostTensor> outputs = onnx.run(one);
      for (Map.Entry<String, HostTensor> output : outputs.entrySet()) {
        if (!isNumbers(output.getValue())) {
          throw new InputFault(
              String.format(
                  Locale.ROOT,
                  "output '%s': the model itself answers NaN to example %d, %s",
                  output.getKey(),
                  all.size(),
                  source));
        }
      }
      all.add(outputs);
    }
    return all;
  }

  /** Refuses a model with a weight that is no number. */
  private static void requireNumbers(Graph model) {
    model
        .initializers()
        .forEach(
            (name, tensor) -> {
              int at = firstNan(tensor);
              if (at >= 0) {
                throw new InputFault(
                    String.format(
                        Locale.ROOT,
                        "initializer '%s': holds a NaN, at index %d of %d (expected: numbers); export the model anew",
                        name,
                        at,
                        tensor.elements()));
              }
            });
  }

  private static boolean isNumbers(HostTensor tensor) {
    return firstNan(tensor) < 0;
  }

  private static int firstNan(HostTensor tensor) {
    if (tensor.type() == DType.FLOAT32) {
      FloatBuffer values = tensor.floats();
      for (int i = 0; i < values.remaining(); i++) {
        if (Float.isNaN(values.get(values.position() + i))) {
          return i;
        }
      }
    } else if (tensor.type().isFloating()) {
      double[] values = tensor.toDoubles();
      for (int i = 0; i < values.length; i++) {
        if (Double.isNaN(values[i])) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Those that the model answers with numbers. */
  private static List<Probe> probes(
      Predictor onnx, ExampleDraw draw, List<Map<String, HostTensor>> inputs) {
    Map<String, Map<String, HostTensor>> asked = new LinkedHashMap<>();
    for (ExampleDraw.Kind kind : ExampleDraw.Kind.values()) {
      if (kind != ExampleDraw.Kind.USUAL) {
        asked.put("an example " + kind.says, draw.one(kind));
      }
    }
    if (draw.isOpen()) {
      asked.put("a batch of three", draw.batch(inputs));
    }
    List<Probe> probes = new ArrayList<>();
    asked.forEach(
        (kind, fed) -> {
          try {
            Map<String, HostTensor> outputs = onnx.run(fed);
            Map<String, HostTensor> shaken = onnx.run(draw.shaken(fed, FLOAT_ROUNDING));
            if (outputs.values().stream().allMatch(GoldenOutputs::isNumbers)) {
              probes.add(new Probe(kind, fed, outputs, shaken));
            }
          } catch (RunFault e) {
            return; // the model does not take such an example
          }
        });
    return probes;
  }

  /** The same without large numbers. */
  GoldenOutputs withoutLarge() {
    String large = ExampleDraw.Kind.LARGE.says;
    List<Probe> rest = probes.stream().filter(p -> !p.kind().contains(large)).toList();
    return new GoldenOutputs(first, inputs, outputs, spans, rest);
  }

  /** What goes in, the probes behind the examples. */
  List<Map<String, HostTensor>> asked() {
    List<Map<String, HostTensor>> all = new ArrayList<>(inputs);
    probes.forEach(probe -> all.add(probe.inputs()));
    return all;
  }

  /** What the model answers, likewise. */
  List<Map<String, HostTensor>> answers() {
    List<Map<String, HostTensor>> all = new ArrayList<>(outputs);
    probes.forEach(probe -> all.add(probe.outputs()));
    return all;
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
