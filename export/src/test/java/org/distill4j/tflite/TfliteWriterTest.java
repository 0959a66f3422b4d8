package org.distill4j.tflite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.support.metadata.MetadataExtractor;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;

class TfliteWriterTest {
  private static final List<String> NAMES = List.of("cat", "dog", "owl");
  private static final Graph NET =
      Metadata.withPreprocessing(
          Metadata.withClasses(
              new Cnn(List.of("8", "pool", "8"), List.of(32), 0, true)
                  .build(Shape.of(3, 8, 8), 3, 1),
              NAMES),
          new Preprocessing(1 / 255.0, List.of(0.5), List.of(0.25)));

  @TempDir private Path folder;

  private static byte[] bytes(Precision precision) {
    return TfliteWriter.toBytes(Lowering.of(NET), precision, InputOutputType.INT8);
  }

  @Test
  void toBytes_anyNet_foldsNormsAndFusesActivations() {
    assertThat(TfliteWriter.operators(Lowering.of(NET), Precision.FLOAT, InputOutputType.INT8))
        .containsExactly("CONV_2D", "MAX_POOL_2D", "RESHAPE", "FULLY_CONNECTED");
    Model model = Model.getRootAsModel(ByteBuffer.wrap(bytes(Precision.FLOAT)));
    assertThat(model.operatorCodes(0).builtinCode()).isEqualTo(BuiltinOperator.CONV_2D);
    assertThat(model.subgraphs(0).operatorsLength()).isEqualTo(6);
  }

  @Test
  void toBytes_constants_lieAlignedToBeMapped() {
    ByteBuffer file = ByteBuffer.wrap(bytes(Precision.FLOAT)).order(ByteOrder.LITTLE_ENDIAN);
    Model model = Model.getRootAsModel(file);
    int arrays = 0;
    for (int i = 0; i < model.buffersLength(); i++) {
      if (model.buffers(i).dataLength() > 0) {
        assertThat(model.buffers(i).dataAsByteBuffer().position() % 16).isZero();
        arrays++;
      }
    }
    assertThat(arrays).isGreaterThan(6);
  }

  @Test
  void toBytes_batch_isOpen() {
    SubGraph graph = Model.getRootAsModel(ByteBuffer.wrap(bytes(Precision.FLOAT))).subgraphs(0);
    var input = graph.tensors(graph.inputs(0));
    assertThat(input.shape(0)).isEqualTo(1);
    assertThat(input.shapeSignature(0)).isEqualTo(-1);
    assertThat(List.of(input.shape(1), input.shape(2), input.shape(3))).containsExactly(8, 8, 3);
  }

  @Test
  void metadata_readByTensorFlowsOwnReader_tellsClassesAndNormalization() throws Exception {
    MetadataExtractor said = new MetadataExtractor(ByteBuffer.wrap(bytes(Precision.FLOAT)));

    assertThat(new String(said.getAssociatedFile("labels.txt").readAllBytes(), UTF_8))
        .isEqualTo("cat\ndog\nowl\n");
    NormalizationOptions options =
        (NormalizationOptions)
            said.getInputTensorMetadata(0).processUnits(0).options(new NormalizationOptions());
    // (raw / 255 - 0.5) / 0.25 = (raw - 127.5) / 63.75
    assertThat(options.mean(0)).isEqualTo(127.5f);
    assertThat(options.std(0)).isEqualTo(63.75f);
  }

  @Test
  void read_ownFile_givesBackWhatTheModelSaid() throws Exception {
    Path file = Files.write(folder.resolve("m.tflite"), bytes(Precision.FLOAT));

    TfliteFile read = TfliteFile.read(file);

    assertThat(read.metadata()).isEqualTo(NET.metadata());
    assertThat(read.inputs()).isEqualTo(NET.inputs());
  }

  @Test
  void toBytes_dynamicRange_isAQuarterAndStaysClose() {
    byte[] small = bytes(Precision.DYNAMIC);
    assertThat(small.length).isLessThan(bytes(Precision.FLOAT).length / 2);
    TfliteFile file = TfliteFile.of("small", ByteBuffer.wrap(small));
    try (Predictor p = new TflitePredictor("small", file, 1)) {
      assertThat(Parities.difference(NET, p, 4)).isBetween(1e-6, 0.1);
    }
  }

  /** x + w, w having two rows: TFLite adds one row or two to it, and no other number. */
  @Test
  void run_afterABatchThatIsRefused_answersTheOneBeforeAgain() {
    GraphBuilder g = new GraphBuilder("added");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(3))));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(2, 3), 10, 20, 30, 40, 50, 60));
    g.output(g.addNamed("sum", "Add", Map.of(), x, w), DType.FLOAT32, Shape.UNRANKED);
    byte[] bytes =
        TfliteWriter.toBytes(Lowering.of(g.build()), Precision.FLOAT, InputOutputType.FLOAT);
    TfliteFile file = TfliteFile.of("added", ByteBuffer.wrap(bytes));
    HostTensor one = HostTensor.ofFloats(Shape.of(1, 3), 1, 2, 3);
    HostTensor four = HostTensor.ofFloats(Shape.of(4, 3), new float[12]);
    try (Predictor p = new TflitePredictor("added", file, 1)) {
      for (int time = 0; time < 3; time++) {
        assertThat(p.run(Map.of("x", one)).values().iterator().next().toFloats())
            .containsExactly(11, 22, 33, 41, 52, 63);
        assertThatThrownBy(() -> p.run(Map.of("x", four)))
            .isInstanceOf(InputFault.class)
            .hasMessageStartingWith("model 'added': TFLite ");
      }
    }
  }

  @Test
  void read_noModel_isOneLine() throws Exception {
    Path text = Files.writeString(folder.resolve("a.tflite"), "this is no model at all");
    assertThatThrownBy(() -> TfliteFile.read(text))
        .isInstanceOf(InputFault.class)
        .hasMessage(text + ": is no TFLite model (expected: TFL3 at byte 4)");
    assertThatThrownBy(() -> TfliteFile.read(folder.resolve("none")))
        .hasMessageContaining("cannot be read");
  }
}
