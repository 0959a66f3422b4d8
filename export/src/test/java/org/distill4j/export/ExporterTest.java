package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Bits;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.onnx.OnnxForm;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.MobileNetV2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExporterTest {
  private static final Graph NET =
      new Cnn(List.of("4", "pool", "6"), List.of(5), 0.1, true)
          .build(Shape.of(1, 8, 8), 3, Seeds.of(1));

  @TempDir private Path folder;

  private ExportReport export(ExportSettings settings, Graph net, Path out) {
    return Exporter.export(net, settings, GoldenOutputs.random(net, 5), out);
  }

  private static ExportSettings onnx(OnnxForm form, boolean half) {
    return new ExportSettings(
        Set.of(Format.ONNX),
        form,
        half,
        Optional.empty(),
        InputOutputType.INT8,
        Bits.ALL,
        Optional.empty());
  }

  @Test
  void export_twice_givesTheSameBytesInPlaceOfTheOld() throws IOException {
    Path out = folder.resolve("out");
    export(ExportSettings.of(Format.ONNX, Format.TFLITE), NET, out);
    byte[] first = Files.readAllBytes(out.resolve("tflite/model.tflite"));
    Files.writeString(out.resolve("onnx/stray"), "");

    ExportReport report = export(ExportSettings.of(Format.ONNX, Format.TFLITE), NET, out);

    assertThat(Files.readAllBytes(out.resolve("tflite/model.tflite"))).isEqualTo(first);
    assertThat(out.resolve("onnx/stray")).doesNotExist();
    assertThat(report.forms()).extracting(FormParity::format).containsExactly("onnx", "tflite");
    assertThat(report.forms())
        .allMatch(p -> p.parity().agreement() == 1 && p.parity().distance() < 1e-4);
    assertThat(out.resolve("export.json")).content().contains("\"largest_difference\"");
    assertThat(folder.toFile().list()).containsExactly("out");
  }

  @Test
  void export_folderWithSomethingElse_isRefusedAndLeftAlone() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(out.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> export(ExportSettings.of(Format.TFLITE), NET, out))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("holds something else");

    assertThat(out.toFile().list()).containsExactly("thesis.txt");
  }

  @Test
  void export_unknownOperators_areAllNamedAndNothingIsWritten() {
    GraphBuilder g = new GraphBuilder("odd");
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(4)));
    String x = g.input("x", DType.FLOAT32, shape);
    String a = g.addNamed("first", "Det", Map.of(), x);
    g.output(g.addNamed("second", "Acosh", Map.of(), x), DType.FLOAT32, shape);
    g.output(a, DType.FLOAT32, Shape.UNRANKED);
    Graph odd = g.build();
    GoldenOutputs none = new GoldenOutputs("second", List.of(), List.of(), Map.of());

    assertThatThrownBy(
            () ->
                Exporter.export(odd, ExportSettings.of(Format.TFLITE), none, folder.resolve("out")))
        .isInstanceOfSatisfying(
            InputFault.class,
            fault -> {
              assertThat(fault.lines()).hasSize(2);
              assertThat(fault.lines().get(0)).contains("first").contains("cannot be exported");
              assertThat(fault.lines().get(1)).contains("second");
            });
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void export_openShape_namesTheInputAndTheFlag() {
    GraphBuilder g = new GraphBuilder("open");
    Shape open = Shape.of(List.of(Dim.of("batch"), Dim.of(3), Dim.of("height"), Dim.of(8)));
    g.output(g.add("Relu", Map.of(), g.input("x", DType.FLOAT32, open)), DType.FLOAT32, open);
    Graph model = g.build();

    assertThatThrownBy(() -> GoldenOutputs.random(model, 1))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("'x': [batch, 3, height, 8]")
        .hasMessageContaining("--shape x=1,3,240,320");

    Graph fixed = FixedShapes.apply(model, Map.of("x", Shape.of(2, 3, 6, 8)));
    assertThat(fixed.onlyOutput().shape()).isEqualTo(Shape.of(2, 3, 6, 8));
    assertThatThrownBy(() -> FixedShapes.apply(model, Map.of("y", Shape.of(1))))
        .hasMessage("--shape: [y] (expected: one of the inputs [x])");
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 9, 10, 11, 12, 13, 17, 18, 20})
  void export_olderOpset_saysTheSameAndIsReadBack(int opset) {
    for (Graph net :
        List.of(NET, new MobileNetV2(0.1, 2).build(Shape.of(3, 16, 16), 4, Seeds.of(1)))) {
      Path out = folder.resolve("out" + opset);
      FormParity parity = export(onnx(new OnnxForm(opset, false), false), net, out).forms().get(0);

      assertThat(parity.parity().distance()).isLessThan(1e-5);
      Graph back = OnnxReader.read(out.resolve("onnx/model.onnx"));
      assertThat(back.inputs()).isEqualTo(net.inputs());
    }
  }

  @Test
  void export_operatorYoungerThanTheOpset_isNamed() {
    GraphBuilder g = new GraphBuilder("young");
    Shape shape = Shape.of(2, 4);
    g.output(g.add("Gelu", Map.of(), g.input("x", DType.FLOAT32, shape)), DType.FLOAT32, shape);
    Graph net = g.build();

    assertThatThrownBy(
            () -> export(onnx(new OnnxForm(13, false), false), net, folder.resolve("out")))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("Gelu")
        .hasMessageContaining("came with opset 20 (expected: opset 13)");
  }

  @Test
  void export_externalData_keepsLargeArraysBeside() throws IOException {
    Path out = folder.resolve("out");
    Graph net =
        new Cnn(List.of("4"), List.of(64), 0, false).build(Shape.of(1, 8, 8), 3, Seeds.of(1));
    export(onnx(new OnnxForm(21, true), false), net, out);

    assertThat(Files.size(out.resolve("onnx/model.onnx.data"))).isEqualTo(4 * 64 * 256);
    assertThat(Files.size(out.resolve("onnx/model.onnx"))).isLessThan(10_000);
    assertThat(OnnxReader.read(out.resolve("onnx/model.onnx")).initializers())
        .isEqualTo(net.initializers());
  }

  @Test
  void export_float16_halvesTheWeightsAndTakesFloat32() throws IOException {
    Path out = folder.resolve("out");
    FormParity parity = export(onnx(OnnxForm.NEWEST, true), NET, out).forms().get(0);

    Graph half = OnnxReader.read(out.resolve("onnx/model.onnx"));
    assertThat(half.onlyInput().type()).isEqualTo(DType.FLOAT32);
    assertThat(half.initializers().values()).extracting(t -> t.type()).containsOnly(DType.FLOAT16);
    assertThat(parity.parity().distance()).isBetween(1e-9, 0.01);
  }

  @Test
  void export_int8OfAFloatModel_isRefused() {
    ExportSettings settings =
        new ExportSettings(
            Set.of(Format.TFLITE),
            OnnxForm.NEWEST,
            false,
            Optional.of(Precision.INT8),
            InputOutputType.INT8,
            Bits.ALL,
            Optional.empty());
    assertThatThrownBy(() -> export(settings, NET, folder.resolve("out")))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("has no QuantizeLinear nodes");
  }
}
