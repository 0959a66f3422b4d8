package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs that are small, beside large ones, or hardly vary: what is wrong in them is heard. */
class FormReferenceTest {
  private static final int IN = 8;
  private static final int EXAMPLES = 20;

  @TempDir private Path folder;

  /**
   * A layer with what follows it.
   *
   * @param wrong what a form answers instead of a column's numbers, by column
   */
  record Case(Graph net, String output, int columns, IntToDoubleFunction wrong) {}

  private static float[] drawn(int n, SplittableRandom random, IntToDoubleFunction size) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * size.applyAsDouble(i));
    }
    return values;
  }

  /** {@code x W + b} and an operator behind it. */
  private static Graph net(int columns, IntToDoubleFunction size, double bias, String op) {
    SplittableRandom random = new SplittableRandom(Seeds.of(columns));
    GraphBuilder g = new GraphBuilder("net");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(IN))));
    float[] weights = drawn(IN * columns, random, i -> size.applyAsDouble(i % columns));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(IN, columns), weights));
    float[] biases = drawn(columns, random, i -> 0.1 * size.applyAsDouble(i));
    for (int i = 0; i < columns; i++) {
      biases[i] += (float) bias;
    }
    String b = g.initializer("b", HostTensor.ofFloats(Shape.of(columns), biases));
    String y = g.addNamed("layer", "Gemm", Map.of(), x, w, b);
    Map<String, Attribute> axis =
        op.equals("Softmax") ? Map.of("axis", Attribute.of(-1)) : Map.of();
    String end = g.addNamed("y", op, axis, y);
    return g.output(end, DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(columns)))).build();
  }

  static Stream<Named<Case>> cases() {
    return Stream.of(
        Named.of(
            "a thousand probabilities that are all 0",
            new Case(net(1000, c -> 0.3, 0, "Softmax"), "y", 1000, c -> 0)),
        Named.of(
            "small units that are all 0",
            new Case(net(1, c -> 1e-5, 0, "Identity"), "y", 1, c -> 0)),
        Named.of(
            "tiny units that are all 0",
            new Case(net(3, c -> 1e-6, 0, "Identity"), "y", 3, c -> 0)),
        Named.of(
            "rooms beside a price that are all 2",
            new Case(
                net(2, c -> c == 0 ? 1e6 : 3, 0, "Identity"),
                "y",
                2,
                c -> c == 0 ? Double.NaN : 2)),
        Named.of(
            "a number that hardly varies and is always the same",
            new Case(net(2, c -> 0.01, 1000, "Identity"), "y", 2, c -> 1000)));
  }

  private static List<Map<String, HostTensor>> wrong(Case one, GoldenOutputs golden) {
    List<Map<String, HostTensor>> answers = new ArrayList<>();
    for (Map<String, HostTensor> said : golden.answers()) {
      float[] values = said.get(one.output()).toFloats();
      for (int i = 0; i < values.length; i++) {
        double other = one.wrong().applyAsDouble(i % one.columns());
        values[i] = Double.isNaN(other) ? values[i] : (float) other;
      }
      answers.add(
          Map.of(one.output(), HostTensor.ofFloats(said.get(one.output()).shape(), values)));
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fault_smallOrSteadyNumbersThatAreWrong_isHeardInFloats(Case one) {
    GoldenOutputs golden = GoldenOutputs.random(one.net(), EXAMPLES);
    FloatNoise noise = FloatNoise.of(golden, one.net(), FloatNoise.SINGLE);
    FormReference reference = FormReference.exact(golden, 1e-4).with(noise);
    assertThat(reference.fault(golden.answers())).isEmpty();
    assertThat(reference.fault(wrong(one, golden))).isPresent();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void export_smallOrSteadyNumbers_passesInEveryForm(Case one) {
    for (Precision precision : List.of(Precision.FLOAT, Precision.DYNAMIC)) {
      ExportReport report =
          Exporter.export(
              one.net(),
              settings(Set.of(Format.ONNX, Format.TFLITE, Format.SAVEDMODEL), precision, false),
              GoldenOutputs.random(one.net(), EXAMPLES),
              folder.resolve(precision.name()));
      assertThat(report.forms()).allMatch(FormParity::passed);
    }
  }

  private static ExportSettings settings(Set<Format> formats, Precision precision, boolean half) {
    return new ExportSettings(
        formats,
        OnnxForm.NEWEST,
        half,
        Optional.of(precision),
        InputOutputType.FLOAT,
        Bits.ALL,
        Optional.empty());
  }

  /** In float16 all that is left of 1000.01 is 1000; the rest is small enough for it. */
  @Test
  void export_probabilitiesInHalf_passAndAreNotAllZero() {
    Graph net = net(1000, c -> 0.3, 0, "Softmax");
    GoldenOutputs golden = GoldenOutputs.random(net, EXAMPLES);
    ExportReport report =
        Exporter.export(
            net,
            settings(Set.of(Format.ONNX), Precision.FLOAT, true),
            golden,
            folder.resolve("half"));
    assertThat(report.forms()).allMatch(FormParity::passed);

    FloatNoise noise = FloatNoise.of(golden, net, FloatNoise.HALF);
    FormReference reference = FormReference.exact(golden, 0.05).with(noise);
    Case zeros = new Case(net, "y", 1000, c -> 0);
    assertThat(reference.fault(wrong(zeros, golden)))
        .hasValueSatisfying(f -> assertThat(f).contains("output 'y' is off by"));
  }

  /** {@code x W + 1e4 - 1e4}: of what is left floats have lost four digits. */
  @Test
  void export_largeNumbersThatCancel_passes() {
    GraphBuilder g = new GraphBuilder("cancelled");
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(IN))));
    String w =
        g.initializer("w", HostTensor.ofFloats(Shape.of(IN, 4), drawn(IN * 4, random, i -> 0.5)));
    String much = g.initializer("b", HostTensor.ofFloats(Shape.of(4), 1e4f, 2e4f, 1e4f, 2e4f));
    String exp = g.add("Sigmoid", Map.of(), g.add("Gemm", Map.of(), x, w));
    String large = g.add("Add", Map.of(), g.add("Mul", Map.of(), exp, much), much);
    String rest = g.add("Sub", Map.of(), large, g.add("Mul", Map.of(), exp, much));
    g.output(g.addNamed("y", "Sub", Map.of(), rest, much), DType.FLOAT32, Shape.UNRANKED);
    Graph net = g.build();
    ExportReport report =
        Exporter.export(
            net,
            settings(Set.of(Format.ONNX, Format.TFLITE, Format.SAVEDMODEL), Precision.FLOAT, false),
            GoldenOutputs.random(net, EXAMPLES),
            folder.resolve("out"));
    assertThat(report.forms()).allMatch(FormParity::passed);
  }

  /** The class with the best of ten scores, which fewer bits may now and then see otherwise. */
  private static Graph classes() {
    SplittableRandom random = new SplittableRandom(Seeds.of(8));
    GraphBuilder g = new GraphBuilder("classes");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(64))));
    float[] weights = drawn(64 * 100, random, i -> 1);
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(64, 100), weights));
    String scores = g.add("MatMul", Map.of(), x, w);
    Map<String, Attribute> last = Map.of("axis", Attribute.of(1), "keepdims", Attribute.of(0));
    g.output(g.addNamed("class", "ArgMax", last, scores), DType.INT64, Shape.UNRANKED);
    return g.build();
  }

  @Test
  void export_classesInFewerBits_passesWhereScoresAreClose() {
    Graph net = classes();
    ExportReport report =
        Exporter.export(
            net,
            settings(Set.of(Format.TFLITE), Precision.DYNAMIC, false),
            GoldenOutputs.random(net, 100),
            folder.resolve("out"));
    assertThat(report.forms()).allMatch(FormParity::passed);
    assertThat(report.forms().get(0).parity().agreement()).isGreaterThan(0.8);
  }

  @Test
  void fault_otherClasses_isHeardInFewerBitsToo() {
    Graph net = classes();
    GoldenOutputs golden = GoldenOutputs.random(net, 100);
    FormReference reference =
        FormReference.rounded(golden, 1e-4, RoundingTwin.dynamic(net)).with(0.05);
    assertThat(reference.fault(others(golden, 20))).isEmpty();
    assertThat(reference.fault(others(golden, 1)))
        .hasValueSatisfying(
            f -> assertThat(f).startsWith("output 'class' differs in").contains("whole numbers"));
  }

  /** The model's classes, of which one in so many is the next. */
  private static List<Map<String, HostTensor>> others(GoldenOutputs golden, int in) {
    List<Map<String, HostTensor>> all = new ArrayList<>();
    int at = 0;
    for (Map<String, HostTensor> said : golden.answers()) {
      long[] classes = said.get("class").toLongs();
      for (int i = 0; i < classes.length; i++) {
        classes[i] += at++ % in == 0 ? 50 : 0;
      }
      Map<String, HostTensor> other = new LinkedHashMap<>();
      other.put("class", HostTensor.ofLongs(said.get("class").shape(), classes));
      all.add(other);
    }
    return all;
  }
}
