package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Format;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an export says before anything is written, and on which examples it compares. */
class ExportLimitsTest {
  @TempDir private Path folder;

  private static Shape rows(long... sizes) {
    Shape shape = Shape.of(sizes);
    return shape.prepend(Dim.of("batch"));
  }

  private void requireRefused(Graph model, Format format, String... says) {
    Path out = folder.resolve("out");
    GoldenOutputs golden = GoldenOutputs.random(model, 3);
    var thrown =
        assertThatThrownBy(() -> Exporter.export(model, ExportSettings.of(format), golden, out))
            .isInstanceOf(InputFault.class);
    for (String one : says) {
      thrown.hasMessageContaining(one);
    }
    assertThat(folder.toFile().list()).isEmpty();
  }

  private ExportReport export(Graph model, Format... formats) {
    return Exporter.export(
        model, ExportSettings.of(formats), GoldenOutputs.random(model, 5), folder.resolve("out"));
  }

  private static Graph whole(String op, long by) {
    GraphBuilder g = new GraphBuilder("whole");
    String x = g.input("x", DType.INT64, rows(5));
    String low = g.initializer("low", HostTensor.ofLongs(Shape.SCALAR, 30));
    String k = g.initializer("k", HostTensor.ofLongs(Shape.SCALAR, by));
    String below = g.addNamed("below", "Sub", Map.of(), x, low);
    String y = g.addNamed("counted", op, Map.of(), below, k);
    Map<String, Attribute> real = Map.of("to", Attribute.of(1));
    g.output(g.addNamed("y", "Cast", real, y), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -0.5f, Float.NaN, Float.POSITIVE_INFINITY})
  void lower_pairWithAScaleThatIsNone_isNamed(float scale) {
    GraphBuilder g = new GraphBuilder("scales");
    String x = g.input("x", DType.FLOAT32, rows(5));
    String s = g.initializer("s", HostTensor.scalar(scale));
    String q = g.addNamed("rounded", "QuantizeLinear", Map.of(), x, s);
    g.output(g.addNamed("y", "DequantizeLinear", Map.of(), q, s), DType.FLOAT32, rows(5));
    Graph model = g.build();
    assertThatThrownBy(() -> Lowering.of(model))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "QuantizeLinear 'rounded': scale "
                + scale
                + " (expected: a number above 0); quantize the model anew");
  }

  /** The standard lets a real number be raised to a whole one. */
  @ParameterizedTest
  @EnumSource(names = {"INT32", "INT64", "FLOAT64"})
  void export_powerOfAnotherType_isTheSamePower(DType type) {
    GraphBuilder g = new GraphBuilder("powers");
    String x = g.input("x", DType.FLOAT32, rows(5));
    HostTensor two =
        switch (type) {
          case INT64 -> HostTensor.ofLongs(Shape.SCALAR, 2);
          case FLOAT64 -> HostTensor.ofDoubles(Shape.SCALAR, 2);
          default -> HostTensor.of(type, Shape.SCALAR, ByteBuffer.wrap(new byte[] {2, 0, 0, 0}));
        };
    String k = g.initializer("k", two);
    g.output(g.addNamed("y", "Pow", Map.of(), x, k), DType.FLOAT32, Shape.UNRANKED);
    assertThat(export(g.build(), Format.SAVEDMODEL, Format.TFLITE, Format.TFJS).forms())
        .allMatch(FormParity::passed);
  }

  @Test
  void export_powerThatIsCounted_isTheSamePower() {
    GraphBuilder g = new GraphBuilder("powers");
    String x = g.input("x", DType.FLOAT32, rows(5));
    String three = g.initializer("three", HostTensor.scalar(3));
    String k = g.add("Cast", Map.of("to", Attribute.of(7)), g.add("Mul", Map.of(), x, three));
    g.output(g.addNamed("y", "Pow", Map.of(), x, k), DType.FLOAT32, Shape.UNRANKED);
    Graph net = g.build();
    for (String form : List.of("TFLite", "SavedModel")) {
      try (Predictor p =
          form.equals("TFLite")
              ? new TfliteRuntime().open(net, 1)
              : new SavedModelRuntime().open(net, 1)) {
        assertThat(Parities.difference(net, p, 3)).as(form).isLessThan(1e-5);
      }
    }
  }

  /** Images go in one at a time where the batch is open or one, and nowhere else. */
  @Test
  void export_imagesInABatchOfTwo_areProvedWithoutAnEntranceForOne() {
    Graph images =
        Metadata.withPreprocessing(
            new Cnn(List.of("4", "pool"), List.of(5), 0, true)
                .build(Shape.of(3, 8, 8), 3, Seeds.of(1)),
            Preprocessing.scale(1 / 255.0));
    for (long batch : new long[] {1, 2}) {
      Graph fixed = FixedShapes.apply(images, Map.of("input", Shape.of(batch, 3, 8, 8)));
      Path out = folder.resolve("of" + batch);
      ExportReport report =
          Exporter.export(
              fixed,
              ExportSettings.of(Format.SAVEDMODEL, Format.TFLITE),
              GoldenOutputs.random(fixed, 5),
              out);
      assertThat(report.forms()).allMatch(FormParity::passed);
      try (Predictor p = new SavedModelRuntime().open(out.resolve("savedmodel"), "pixels", 1)) {
        assertThat(p.inputs()).hasSize(Math.toIntExact(batch)).hasSize(1);
      } catch (InputFault e) {
        assertThat(batch).isEqualTo(2);
        assertThat(e).hasMessageContaining("pixels");
      }
    }
  }

  /** {@code -7 / 4} is -1 in ONNX, -2 where it is rounded down. */
  @Test
  void export_wholeNumbersDivided_isRightOrNamed() {
    assertThat(export(whole("Div", 4), Format.SAVEDMODEL).forms()).allMatch(FormParity::passed);
  }

  @ParameterizedTest
  @EnumSource(names = {"TFLITE", "TFLITE_MICRO", "TFJS"})
  void export_wholeNumbersDivided_isNamedWhereNoKernelIs(Format format) {
    requireRefused(whole("Div", 4), format, "Div 'counted': divides INT64", format.spelled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Max", "Min", "Clip"})
  void export_wholeNumbers_areCountedInEveryForm(String op) {
    assertThat(export(whole(op, 4), Format.SAVEDMODEL, Format.TFLITE, Format.TFJS).forms())
        .allMatch(FormParity::passed);
  }

  @Test
  void export_doubles_areNamedWhereThereAreNone() {
    GraphBuilder g = new GraphBuilder("doubles");
    String x = g.input("x", DType.FLOAT32, rows(4));
    Map<String, Attribute> to = Map.of("to", Attribute.of(11));
    String wide = g.addNamed("wide", "Cast", to, x);
    String k = g.initializer("k", HostTensor.ofDoubles(Shape.of(4), 1.1, 1.2, 1.3, 1.4));
    String y = g.addNamed("scaled", "Mul", Map.of(), wide, k);
    Map<String, Attribute> back = Map.of("to", Attribute.of(1));
    g.output(g.addNamed("y", "Cast", back, y), DType.FLOAT32, Shape.UNRANKED);
    Graph model = g.build();

    requireRefused(model, Format.TFLITE, "Cast 'wide': makes FLOAT64", "Mul 'scaled'");
    requireRefused(model, Format.TFJS, "Cast 'wide': makes FLOAT64");
    assertThat(export(model, Format.SAVEDMODEL).forms()).allMatch(FormParity::passed);
  }

  @ParameterizedTest
  @EnumSource(names = {"TFLITE", "SAVEDMODEL", "TFJS"})
  void export_scaleThatMakesNoWholeElement_isNamed(Format format) {
    GraphBuilder g = new GraphBuilder("scaled");
    String x = g.input("x", DType.FLOAT32, rows(4, 6, 5));
    String s = g.initializer("s", HostTensor.ofFloats(Shape.of(4), 1, 1, 1.5f, 1.5f));
    Map<String, Attribute> linear = Map.of("mode", Attribute.of("linear"));
    g.output(g.addNamed("y", "Resize", linear, x, "", s), DType.FLOAT32, Shape.UNRANKED);

    requireRefused(g.build(), format, "Resize 'y': scale 1.5 of 5 elements");
  }

  @Test
  void random_modelThatAnswersNan_isToldWithItsOutput() {
    GraphBuilder g = new GraphBuilder("log");
    String x = g.input("x", DType.FLOAT32, rows(4));
    String minus = g.add("Neg", Map.of(), x);
    g.output(g.addNamed("depth", "Log", Map.of(), minus), DType.FLOAT32, Shape.UNRANKED);
    Graph model = g.build();

    assertThatThrownBy(() -> GoldenOutputs.random(model, 3))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "output 'depth': the model itself answers NaN to example 0, drawn at random in 0..1"
                + " (expected: numbers); give examples of its kind with --data");
  }

  @Test
  void random_weightThatIsNoNumber_isToldWithItsPlace() {
    GraphBuilder g = new GraphBuilder("weight");
    String x = g.input("x", DType.FLOAT32, rows(2));
    float[] weights = {1, 2, 3, Float.NaN, 5, 6};
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(2, 3), weights));
    g.output(g.addNamed("y", "MatMul", Map.of(), x, w), DType.FLOAT32, Shape.UNRANKED);
    Graph model = g.build();

    assertThatThrownBy(() -> GoldenOutputs.random(model, 3))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("initializer 'w': holds a NaN, at index 3 of 6");
  }

  /** Ids go through what moves them, into the smallest of several tables. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7, 30, 300})
  void random_ids_areRowsOfEachTable(int size) {
    GraphBuilder g = new GraphBuilder("words");
    String ids = g.input("ids", DType.INT64, rows(6));
    String parts = g.input("parts", DType.INT32, rows(6));
    String words =
        g.initializer("words", HostTensor.ofFloats(Shape.of(size, 3), new float[3 * size]));
    String two = g.initializer("two", HostTensor.ofFloats(Shape.of(3, 2), new float[6]));
    String axes = g.initializer("axes", HostTensor.ofLongs(Shape.of(1), 2));
    String moved = g.add("Unsqueeze", Map.of(), ids, axes);
    String a = g.add("Gather", Map.of(), words, g.add("Squeeze", Map.of(), moved, axes));
    Map<String, Attribute> wide = Map.of("to", Attribute.of(7));
    Map<String, Attribute> columns = Map.of("axis", Attribute.of(1));
    String b = g.add("Gather", columns, two, g.add("Cast", wide, parts));
    g.output(g.addNamed("y", "ReduceSum", Map.of(), a), DType.FLOAT32, Shape.UNRANKED);
    g.output(g.addNamed("z", "ReduceSum", Map.of(), b), DType.FLOAT32, Shape.UNRANKED);
    GoldenOutputs golden = GoldenOutputs.random(g.build(), 40);

    long most = 0;
    for (Map<String, HostTensor> one : golden.asked()) {
      for (long id : one.get("ids").toLongs()) {
        most = Math.max(most, id);
        assertThat(id).isBetween(0L, size - 1L);
      }
      for (long part : one.get("parts").toLongs()) {
        assertThat(part).isBetween(0L, 1L);
      }
    }
    assertThat(most).isEqualTo(size - 1L);
  }

  @Test
  void random_probes_askForZerosNegativesTiesLargeNumbersAndABatch() {
    GraphBuilder g = new GraphBuilder("row");
    String x = g.input("x", DType.FLOAT32, rows(50));
    g.output(g.addNamed("y", "Relu", Map.of(), x), DType.FLOAT32, Shape.UNRANKED);
    List<Probe> probes = GoldenOutputs.random(g.build(), 1).probes();

    assertThat(probes).hasSize(5);
    assertThat(probes.get(0).inputs().get("x").toFloats()).containsOnly(0);
    for (float value : probes.get(1).inputs().get("x").toFloats()) {
      assertThat(value).isLessThanOrEqualTo(0);
    }
    assertThat(probes.get(2).inputs().get("x").toFloats()).containsOnly(0, 0.5f, 1);
    assertThat(probes.get(3).inputs().get("x").toDoubles()).hasSize(50).doesNotContain(0);
    assertThat(probes.get(4).inputs().get("x").shape()).isEqualTo(Shape.of(3, 50));
  }

  /** Arithmetic in front of the first layer, drawn from a seed. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void export_arithmeticBeforeAConvolution_takesChannelsLast(long seed) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(Seeds.of(seed));
    GraphBuilder g = new GraphBuilder("rescaled");
    String x = g.input("image", DType.FLOAT32, rows(3, 8, 7));
    String y = x;
    for (int i = 0; i < 3; i++) {
      String c =
          g.initializer(
              "c" + i,
              random.nextBoolean()
                  ? HostTensor.scalar(0.5f)
                  : HostTensor.ofFloats(Shape.of(3, 1, 1), 0.5f, 0.7f, 0.9f));
      y =
          switch (random.nextInt(5)) {
            case 0 -> g.add("Mul", Map.of(), y, c);
            case 1 -> g.add("Sub", Map.of(), y, c);
            case 2 -> g.add("Add", Map.of(), c, y);
            case 3 ->
                g.add(
                    "Gather",
                    Map.of("axis", Attribute.of(1)),
                    y,
                    g.initializer("order" + i, HostTensor.ofLongs(Shape.of(3), 2, 0, 1)));
            default -> g.add("Relu", Map.of(), y);
          };
    }
    float[] weights = new float[4 * 3 * 3 * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextDouble() - 0.5);
    }
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(4, 3, 3, 3), weights));
    String mean = g.add("GlobalAveragePool", Map.of(), g.add("Conv", Map.of(), y, w));
    g.output(g.addNamed("y", "Flatten", Map.of(), mean), DType.FLOAT32, Shape.UNRANKED);
    Graph model = g.build();

    assertThat(Lowering.of(model).inputs().get(0).layout()).isEqualTo(Layout.CHANNELS_LAST);
    assertThat(export(model, Format.TFLITE, Format.SAVEDMODEL).forms())
        .allMatch(FormParity::passed);
  }

  /** {@code x.view(x.size(0), -1)} as it is written where the batch is open. */
  @Test
  void export_shapeOfTheBatch_isAReshape() {
    GraphBuilder g = new GraphBuilder("view");
    String x = g.input("x", DType.FLOAT32, rows(2, 3, 4));
    String zero = g.initializer("zero", HostTensor.ofLongs(Shape.SCALAR, 0));
    String axes = g.initializer("axes", HostTensor.ofLongs(Shape.of(1), 0));
    String rest = g.initializer("rest", HostTensor.ofLongs(Shape.of(1), -1));
    String size = g.add("Gather", Map.of(), g.add("Shape", Map.of(), x), zero);
    Map<String, Attribute> axis = Map.of("axis", Attribute.of(0));
    String target = g.add("Concat", axis, g.add("Unsqueeze", Map.of(), size, axes), rest);
    String flat = g.add("Reshape", Map.of(), g.add("Relu", Map.of(), x), target);
    g.output(g.addNamed("y", "Neg", Map.of(), flat), DType.FLOAT32, Shape.UNRANKED);

    assertThat(export(g.build(), Format.TFLITE, Format.SAVEDMODEL, Format.TFJS).forms())
        .allMatch(FormParity::passed);
  }
}
