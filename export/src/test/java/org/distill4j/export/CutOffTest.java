package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.fault.RunFault;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tfjs.NodeRun;
import org.distill4j.tfjs.TfjsModel;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.tflite.TfliteWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pairs of QuantizeLinear and DequantizeLinear that cut off where no activation does, in every form
 * against numbers that are computed here: {@code mean over pixels of round(clip(W x + b))}.
 */
class CutOffTest {
  private static final int IN = 3;
  private static final int OUT = 4;
  private static final int PIXELS = 30;

  @TempDir private Path folder;

  /**
   * One kind of pair behind a 1 x 1 convolution.
   *
   * @param type of the zero point
   * @param perChannel whether each channel has a scale
   * @param readTwice whether another node reads what is before the pair
   */
  record Kind(DType type, boolean perChannel, boolean readTwice) {
    int least() {
      return type == DType.INT8 ? -128 : type == DType.INT16 ? -32768 : 0;
    }

    int most() {
      return least() + (type.bytes() == 1 ? 255 : 65535);
    }

    /** Whether it is tried in Node too, which takes a second to start: each type and flag once. */
    boolean isForNode() {
      return perChannel == (type.bytes() == 1)
          && readTwice == (type == DType.INT8 || type == DType.UINT16);
    }
  }

  static Stream<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (DType type : List.of(DType.UINT8, DType.INT8, DType.UINT16, DType.INT16)) {
      for (boolean perChannel : new boolean[] {false, true}) {
        for (boolean readTwice : new boolean[] {false, true}) {
          kinds.add(new Kind(type, perChannel, readTwice));
        }
      }
    }
    return kinds.stream();
  }

  /** A net with a pair of a kind, and its numbers. */
  private static final class Net {
    final float[] weights = new float[OUT * IN];
    final float[] bias = new float[OUT];
    final float[] scales = new float[OUT];
    final long[] zeros = new long[OUT];
    final Graph graph;

    Net(Kind kind, SplittableRandom random) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (2 * random.nextDouble() - 1);
      }
      double scale = 0;
      long zero = 0;
      for (int c = 0; c < OUT; c++) {
        bias[c] = (float) (random.nextDouble() - 0.5);
        if (c == 0 || kind.perChannel()) {
          scale = (0.3 + 0.5 * random.nextDouble()) / (kind.most() - kind.least());
          zero = random.nextBoolean() ? kind.least() : kind.least() + random.nextInt(60);
        }
        scales[c] = (float) scale;
        zeros[c] = zero;
      }
      this.graph = graph(kind);
    }

    private Graph graph(Kind kind) {
      GraphBuilder g = new GraphBuilder("pairs");
      String x = g.input("x", DType.FLOAT32, Shape.of(1, IN, 5, 6));
      String w = g.initializer("w", HostTensor.ofFloats(Shape.of(OUT, IN, 1, 1), weights));
      String b = g.initializer("b", HostTensor.ofFloats(Shape.of(OUT), bias));
      String y = g.addNamed("conv", "Conv", Map.of(), x, w, b);
      int n = kind.perChannel() ? OUT : 1;
      Shape shape = kind.perChannel() ? Shape.of(OUT) : Shape.SCALAR;
      ByteBuffer points =
          ByteBuffer.allocate(n * kind.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (int c = 0; c < n; c++) {
        if (kind.type().bytes() == 1) {
          points.put((byte) zeros[c]);
        } else {
          points.putShort((short) zeros[c]);
        }
      }
      String s = g.initializer("s", HostTensor.ofFloats(shape, java.util.Arrays.copyOf(scales, n)));
      String z = g.initializer("z", HostTensor.of(kind.type(), shape, points.flip()));
      Map<String, Attribute> axis = Map.of("axis", Attribute.of(1));
      String q = g.addNamed("q", "QuantizeLinear", axis, y, s, z);
      String d = g.addNamed("d", "DequantizeLinear", axis, q, s, z);
      g.output(g.addNamed("out", "GlobalAveragePool", Map.of(), d), DType.FLOAT32, Shape.UNRANKED);
      if (kind.readTwice()) {
        g.output(
            g.addNamed("raw", "GlobalAveragePool", Map.of(), y), DType.FLOAT32, Shape.UNRANKED);
      }
      return g.build();
    }

    /** The mean of a channel, cut off and rounded as the pair does or as it came. */
    double mean(Kind kind, float[] x, int c, boolean paired) {
      double sum = 0;
      for (int p = 0; p < PIXELS; p++) {
        double y = bias[c];
        for (int i = 0; i < IN; i++) {
          y += (double) weights[c * IN + i] * x[i * PIXELS + p];
        }
        double number = Math.rint(y / scales[c]) + zeros[c];
        double held = Math.max(kind.least(), Math.min(kind.most(), number));
        sum += paired ? (held - zeros[c]) * scales[c] : y;
      }
      return sum / PIXELS;
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void run_pairThatCutsOff_cutsOffInEveryForm(Kind kind) throws IOException {
    SplittableRandom random = new SplittableRandom(Seeds.of(kind.toString().hashCode()));
    Net net = new Net(kind, random);
    LoweredGraph lowered = Lowering.of(net.graph);
    float[] values = new float[IN * PIXELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    Map<String, HostTensor> x = Map.of("x", HostTensor.ofFloats(Shape.of(1, IN, 5, 6), values));
    for (Precision precision : Precision.values()) {
      if (precision == Precision.INT8 && !lowered.isQuantized()) {
        continue; // in 16 bits, or a scale for each channel
      }
      byte[] bytes = TfliteWriter.toBytes(lowered, precision, InputOutputType.FLOAT);
      Path file = Files.write(folder.resolve(precision + ".tflite"), bytes);
      try (Predictor p = new TfliteRuntime().openOwn(file, 1)) {
        requireCut("TFLite " + precision, kind, net, values, p.run(x));
      }
    }
    try (Predictor p = new SavedModelRuntime().open(net.graph, 1)) {
      requireCut("SavedModel", kind, net, values, p.run(x));
    }
    if (!kind.isForNode()) {
      return;
    }
    TfjsModel.of(lowered, Bits.ALL).write(folder);
    Optional<List<Map<String, HostTensor>>> node = NodeRun.run(lowered, folder, List.of(x));
    node.ifPresent(answers -> requireCut("TF.js", kind, net, values, answers.get(0)));
  }

  /** Where a form does not round, the mean of roundings is some hundredths of a step. */
  private static void requireCut(
      String form, Kind kind, Net net, float[] x, Map<String, HostTensor> found) {
    double cut = 0;
    for (int c = 0; c < OUT; c++) {
      double wanted = net.mean(kind, x, c, true);
      double raw = net.mean(kind, x, c, false);
      cut = Math.abs(wanted - raw) > cut ? Math.abs(wanted - raw) : cut;
      assertThat((double) found.get("out").toFloats()[c])
          .as("%s, channel %d of %s", form, c, kind)
          .isBetween(wanted - net.scales[c] - 1e-5, wanted + net.scales[c] + 1e-5);
      if (kind.readTwice()) {
        assertThat((double) found.get("raw").toFloats()[c])
            .as("%s, unrounded channel %d of %s", form, c, kind)
            .isBetween(raw - 1e-5, raw + 1e-5);
      }
    }
    assertThat(cut).as("what the pair cuts off").isGreaterThan(0.02);
  }

  /**
   * The mean of a map that a pair holds between 0 and 255 steps, behind a border of other numbers.
   */
  @ParameterizedTest
  @ValueSource(ints = {-70, 0, 40, 400})
  void run_paddingBesideTheRangeOfAPair_isAddedAsItIs(int steps) throws IOException {
    SplittableRandom random = new SplittableRandom(Seeds.of(steps + 100));
    float scale = (float) (0.01 + 0.01 * random.nextDouble());
    float border = steps * scale * (float) (1 + (steps == 40 ? 0.4 / 40 : 0)); // between two steps
    GraphBuilder g = new GraphBuilder("padded");
    String x = g.input("x", DType.FLOAT32, Shape.of(1, IN, 5, 6));
    String s = g.initializer("s", HostTensor.scalar(scale));
    String z = g.initializer("z", HostTensor.of(DType.UINT8, Shape.SCALAR, ByteBuffer.allocate(1)));
    String d =
        g.addNamed(
            "d", "DequantizeLinear", Map.of(), g.add("QuantizeLinear", Map.of(), x, s, z), s, z);
    String pads = g.initializer("pads", HostTensor.ofLongs(Shape.of(8), 0, 0, 1, 1, 0, 0, 2, 0));
    String with = g.initializer("with", HostTensor.scalar(border));
    String padded = g.addNamed("padded", "Pad", Map.of(), d, pads, with);
    g.output(
        g.addNamed("out", "GlobalAveragePool", Map.of(), padded), DType.FLOAT32, Shape.UNRANKED);
    Graph net = g.build();
    float[] values = new float[IN * PIXELS];
    double[] wanted = new double[IN];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (random.nextInt(356) - 50); // some of them below and above
      wanted[i / PIXELS] += Math.max(0, Math.min(255 * scale, values[i]));
    }
    Map<String, HostTensor> fed = Map.of("x", HostTensor.ofFloats(Shape.of(1, IN, 5, 6), values));
    LoweredGraph lowered = Lowering.of(net);
    Map<String, float[]> found = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      byte[] bytes = TfliteWriter.toBytes(lowered, precision, InputOutputType.FLOAT);
      Path file = Files.write(folder.resolve(precision + ".tflite"), bytes);
      try (Predictor p = new TfliteRuntime().open(file, 1)) {
        found.put("TFLite " + precision, p.run(fed).get("out").toFloats());
      }
    }
    try (Predictor p = new SavedModelRuntime().open(net, 1)) {
      found.put("SavedModel", p.run(fed).get("out").toFloats());
    }
    int all = 8 * 7;
    found.forEach(
        (form, means) -> {
          for (int c = 0; c < IN; c++) {
            double mean = (wanted[c] + (all - PIXELS) * border) / all;
            // of numbers in 8 bits the mean is one too
            assertThat((double) means[c]).as(form).isCloseTo(mean, within(0.51 * scale));
          }
        });
  }

  /** ONNX's numbers of integer types stand for the least and the largest of each. */
  @ParameterizedTest
  @CsvSource({"2, 0, 255", "3, -128, 127", "4, 0, 65535", "5, -32768, 32767"})
  void unrounded_pairWhoseTypeNoZeroPointTells_cutsOffAllTheSame(long type, int low, int high) {
    SplittableRandom random = new SplittableRandom(Seeds.of(type));
    float scale = (float) (1 + random.nextDouble());
    GraphBuilder g = new GraphBuilder("typed");
    Shape shape = Shape.of(1, 8);
    String x = g.input("x", DType.FLOAT32, shape);
    String s = g.initializer("s", HostTensor.scalar(scale));
    String q = g.add("QuantizeLinear", Map.of("output_dtype", Attribute.of(type)), x, s);
    g.output(g.addNamed("y", "DequantizeLinear", Map.of(), q, s), DType.FLOAT32, shape);
    float[] values = new float[8];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((4 * random.nextDouble() - 2) * high * scale);
    }
    values[0] = 3f * high * scale;
    values[1] = -values[0];
    try (Predictor p = new OnnxRuntime().open(RoundingTwin.unrounded(g.build()), 1)) {
      float[] held = p.run(Map.of("x", HostTensor.ofFloats(shape, values))).get("y").toFloats();
      for (int i = 0; i < values.length; i++) {
        assertThat(held[i]).isEqualTo(Math.max(low * scale, Math.min(high * scale, values[i])));
      }
    }
  }

  @Test
  void fault_activationLost_isNoRounding() {
    Kind kind = new Kind(DType.UINT8, false, false);
    Net net = new Net(kind, new SplittableRandom(Seeds.of(5)));
    GoldenOutputs golden = GoldenOutputs.random(net.graph, 20);
    FormReference reference =
        FormReference.rounded(golden, 1e-4, RoundingTwin.unrounded(net.graph));
    assertThat(reference.fault(golden.answers())).isEmpty();

    GraphBuilder g = new GraphBuilder("lost");
    String w = g.initializer("w", net.graph.initializers().get("w"));
    String b = g.initializer("b", net.graph.initializers().get("b"));
    String x = g.input("x", DType.FLOAT32, Shape.of(1, IN, 5, 6));
    String y = g.addNamed("conv", "Conv", Map.of(), x, w, b);
    g.output(g.addNamed("out", "GlobalAveragePool", Map.of(), y), DType.FLOAT32, Shape.UNRANKED);
    try (Predictor p = new SavedModelRuntime().open(g.build(), 1)) {
      assertThat(reference.fault(golden.asked().stream().map(p::run).toList()))
          .hasValueSatisfying(f -> assertThat(f).contains("output 'out' is off by"));
    }
  }

  /** A form may be off by what fewer bits bring, and by no more, whatever its noise. */
  @Test
  void fault_scoresMovedByHalfTheirSpread_isNoRounding() {
    Graph net = new org.distill4j.zoo.Mlp(List.of(16), 0).build(Shape.of(1, 6, 6), 3, Seeds.of(1));
    GoldenOutputs golden = GoldenOutputs.random(net, 30);
    FormReference dynamic =
        FormReference.rounded(golden, 1e-4, RoundingTwin.dynamic(net)).with(0.05);
    assertThat(dynamic.fault(moved(golden, 0))).isEmpty();
    assertThat(dynamic.fault(moved(golden, 0.5f))).isPresent();
  }

  /** The model's answers with one score moved. */
  private static List<Map<String, HostTensor>> moved(GoldenOutputs golden, float by) {
    List<Map<String, HostTensor>> moved = new ArrayList<>();
    for (Map<String, HostTensor> answer : golden.answers()) {
      float[] scores = answer.get("logits").toFloats();
      scores[0] += by;
      Shape shape = answer.get("logits").shape();
      moved.add(Map.of("logits", HostTensor.ofFloats(shape, scores)));
    }
    return moved;
  }

  @Test
  void export_quantizedNetInRealNumbers_isTheSameNet() {
    Kind kind = new Kind(DType.UINT8, false, false);
    Net net = new Net(kind, new SplittableRandom(Seeds.of(9)));
    for (Precision precision : Precision.values()) {
      ExportSettings settings =
          new ExportSettings(
              Set.of(Format.TFLITE, Format.SAVEDMODEL),
              OnnxForm.NEWEST,
              false,
              Optional.of(precision),
              InputOutputType.FLOAT,
              Bits.ALL,
              Optional.empty());
      ExportReport report =
          Exporter.export(
              net.graph,
              settings,
              GoldenOutputs.random(net.graph, 10),
              folder.resolve(precision.name()));
      assertThat(report.forms()).allMatch(FormParity::passed);
    }
  }

  @Test
  void require_otherAnswers_tellsOutputAndExample() {
    Graph net = new org.distill4j.zoo.Mlp(List.of(4), 0).build(Shape.of(1, 4, 4), 3, Seeds.of(1));
    GoldenOutputs golden = GoldenOutputs.random(net, 2);
    List<Map<String, HostTensor>> answers =
        golden.answers().stream()
            .map(
                a -> {
                  float[] scores = a.get("logits").toFloats();
                  scores[1] = Float.NaN;
                  return Map.of("logits", HostTensor.ofFloats(a.get("logits").shape(), scores));
                })
            .toList();
    FormParity parity =
        FormParity.of(Format.ONNX, "a runtime", answers, golden, FormReference.exact(golden, 1e-4));
    assertThatThrownBy(parity::require)
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("run by a runtime, its output 'logits' is NaN on example 0");
  }
}
