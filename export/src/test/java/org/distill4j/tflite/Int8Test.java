package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.export.ExportReport;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Format;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.lowered.Lowering;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorType;

/** A trained net in 8-bit integers, by TFLite and by ONNX Runtime, on 1,000 test images. */
class Int8Test {
  private static final int IMAGES = 1000;

  @TempDir private Path folder;
  private static Splits data;
  private static Graph integers;
  private static GoldenOutputs golden;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("fashion-mini");
    Graph net =
        new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, true)
            .build(data.shape(), 10, Seeds.of(1));
    Graph trained = Trainer.of(net, data).settings(TrainSettings.epochs(1)).train().model();
    integers = Integers.of(trained, data);
    golden = GoldenOutputs.of(integers, data.test().data(), IMAGES);
  }

  @Test
  void export_int8_answersAsOnnxRuntimeDoes() {
    for (InputOutputType ends : InputOutputType.values()) {
      Integers.Answers answers =
          Integers.export(integers, golden, ends, data.test().data(), folder.resolve(ends.name()));

      answers.requireTheSame(ends.name());
    }
  }

  @Test
  void export_withoutData_leavesOutputsRealAndSaysSo() {
    ExportReport report =
        Exporter.export(
            integers,
            ExportSettings.of(Format.TFLITE),
            GoldenOutputs.random(integers, 3),
            folder.resolve("random"));

    assertThat(report.notes())
        .contains(
            "tflite: output 'logits' stays float32, as the model has no scale for it; give --data"
                + " to have it in 8 bits");
    TfliteFile file = TfliteFile.read(folder.resolve("random/tflite/model.tflite"));
    assertThat(file.ends(true).get(0).stored()).isEqualTo(DType.INT8);
    assertThat(file.ends(false).get(0).stored()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void toBytes_int8_takesTheWeightsOfTheModelChannelByChannel() {
    byte[] bytes =
        TfliteWriter.toBytes(Lowering.of(integers), Precision.INT8, InputOutputType.INT8);
    SubGraph graph = Model.getRootAsModel(ByteBuffer.wrap(bytes)).subgraphs(0);
    int perChannel = 0;
    for (int i = 0; i < graph.tensorsLength(); i++) {
      var tensor = graph.tensors(i);
      var scales = tensor.quantization();
      if (tensor.type() == TensorType.INT8 && scales != null && scales.scaleLength() > 1) {
        perChannel++;
        assertThat(scales.scaleLength()).isEqualTo(tensor.shape(scales.quantizedDimension()));
      }
    }
    assertThat(perChannel).isEqualTo(3); // all layers but the last, whose output is real
    assertThat(graph.tensors(graph.inputs(0)).type()).isEqualTo(TensorType.INT8);
  }

  @Test
  void micro_int8_writesTheArrayTheOperatorsAndTheArena() throws Exception {
    byte[] bytes =
        MicroWriter.write(Lowering.of(integers), Precision.INT8, InputOutputType.INT8, folder);

    String header = Files.readString(folder.resolve("model.h"));
    assertThat(header).contains("resolver->AddConv2D();").contains("resolver->AddMaxPool2D();");
    assertThat(header).contains("resolver->AddFullyConnected();");
    String arena = header.replaceAll("(?s).*kModelActivationBytes = (\\d+);.*", "$1");
    // the largest map, 28 x 28 x 8 bytes, and what it is made from or into at the same time
    assertThat(Long.parseLong(arena)).isBetween(28L * 28 * 9, 4L * 28 * 28 * 8);
    String array = Files.readString(folder.resolve("model.cc"));
    assertThat(array).contains("alignas(16)").contains("g_model_length = " + bytes.length);
    assertThat(array.split("0x", -1)).hasSize(bytes.length + 1);
  }

  @Test
  void micro_operatorThatItLacks_isNamedWithItsNode() {
    GraphBuilder g = new GraphBuilder("powers");
    String two = g.initializer("two", HostTensor.scalar(2));
    String x = g.input("x", DType.FLOAT32, Shape.of(1, 4));
    g.output(g.addNamed("squared", "Pow", Map.of(), x, two), DType.FLOAT32, Shape.of(1, 4));
    Graph graph = g.build();

    assertThatThrownBy(
            () ->
                MicroWriter.write(
                    Lowering.of(graph), Precision.FLOAT, InputOutputType.INT8, folder))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("Pow 'squared': becomes POW, which TFLite Micro has not");
    assertThat(folder.toFile().list()).isEmpty();
  }
}
