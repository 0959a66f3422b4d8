package org.distill4j.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.images.ResizeMode;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

class SavedModelWriterTest {
  private static final double CLOSE = 1e-4;
  private static final Graph NET =
      Metadata.withPreprocessing(
          Metadata.withClasses(
              new Cnn(List.of("4", "pool", "8"), List.of(16), 0.1, true)
                  .build(Shape.of(3, 8, 8), 3, Seeds.of(1)),
              List.of("cat", "dog", "owl")),
          new Preprocessing(1 / 255.0, List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.5)));

  @TempDir private Path folder;

  static Stream<Named<Graph>> nets() {
    Shape colour = Shape.of(3, 32, 32);
    return Stream.of(
        Named.of("cnn", NET),
        Named.of("resnet", new ResNet(8, 8).build(colour, 10, Seeds.of(1))),
        Named.of("mobilenet", new MobileNetV2(0.35, 6).build(colour, 10, Seeds.of(1))),
        Named.of(
            "ds-cnn",
            new DsCnn(16, 2, List.of(10, 4), 2, 0.2).build(Shape.of(1, 49, 10), 12, Seeds.of(1))));
  }

  private static float[] only(Map<String, HostTensor> results) {
    return results.values().iterator().next().toFloats();
  }

  @ParameterizedTest
  @MethodSource("nets")
  void run_zooNet_isCloseToOnnxRuntime(Graph net) {
    SavedModelWriter.write(Lowering.of(net), folder);
    try (Predictor p = new SavedModelRuntime().open(folder, "serving_default", 1)) {
      assertThat(p.inputs()).isEqualTo(net.inputs());
      assertThat(Parities.difference(net, p, 3)).isLessThan(CLOSE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cifar10-resnet/cifar10_resnet20.onnx", "ultraface/version-slim-320.onnx"})
  void run_sharedModel_isCloseToOnnxRuntime(String file) {
    Graph model = OnnxReader.read(SharedFolder.require("models/" + file));
    SavedModelWriter.write(Lowering.of(model), folder);
    try (Predictor p = new SavedModelRuntime().open(folder, "serving_default", 1)) {
      assertThat(Parities.difference(model, p, 1)).isLessThan(CLOSE);
    }
  }

  @Test
  void run_whereNothingRestoresTheVariables_namesOneAndTheWayOut() throws Exception {
    SavedModelWriter.write(Lowering.of(NET), folder);
    Path file = folder.resolve("saved_model.pb");
    SavedModel.Builder saved = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    saved.getMetaGraphsBuilder(0).clearSaverDef();
    Files.write(file, saved.build().toByteArray());
    List<String> variables =
        saved.getMetaGraphs(0).getGraphDef().getNodeList().stream()
            .filter(node -> node.getOp().equals("VarHandleOp"))
            .map(node -> node.getAttrOrThrow("shared_name").getS().toStringUtf8())
            .toList();
    try (Predictor p = new SavedModelRuntime().open(folder, "serving_default", 1)) {
      HostTensor image = HostTensor.ofFloats(Shape.of(1, 3, 8, 8), new float[3 * 64]);
      assertThatThrownBy(() -> p.run(Map.of(NET.onlyInput().name(), image)))
          .isInstanceOf(InputFault.class)
          .hasMessageMatching(
              "(?s)\\Q%s\\E: variable '(%s)' has no value, .*in Keras save it by model.export\\(folder\\).*; TensorFlow: Could not find variable .*"
                  .formatted(
                      folder,
                      variables.stream().map(Pattern::quote).collect(Collectors.joining("|"))));
    }
  }

  @Test
  void write_aClassifier_leavesTheFilesThatServersLookFor() throws Exception {
    SavedModelWriter.write(Lowering.of(NET), folder);

    assertThat(folder.resolve("saved_model.pb")).isNotEmptyFile();
    assertThat(folder.resolve("variables/variables.index")).isNotEmptyFile();
    assertThat(folder.resolve("assets/classes.txt")).hasContent("cat\ndog\nowl\n");
    assertThat(folder.resolve("assets.extra/distill4j.json"))
        .content()
        .contains("distill4j.preprocessing");
    // weights are variables: the graph itself stays small
    assertThat(Files.size(folder.resolve("saved_model.pb"))).isLessThan(20_000);
  }

  @Test
  void pixels_ofBytes_areWhatThePreprocessedInputGives() {
    SavedModelWriter.write(Lowering.of(NET), folder);
    byte[] bytes = new byte[3 * 64];
    float[] values = new float[bytes.length];
    Preprocessing p = Metadata.preprocessing(NET).orElseThrow();
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 64; i++) {
        int raw = (c * 67 + i * 31) % 256;
        bytes[c * 64 + i] = (byte) raw;
        values[c * 64 + i] = raw * p.factor(c) + p.offset(c);
      }
    }
    Shape shape = Shape.of(1, 3, 8, 8);
    try (Predictor raw = new SavedModelRuntime().open(folder, "pixels", 1);
        Predictor real = new SavedModelRuntime().open(folder, "serving_default", 1)) {
      assertThat(raw.inputs().get(0).type()).isEqualTo(DType.UINT8);
      float[] a =
          only(
              raw.run(Map.of("pixels", HostTensor.of(DType.UINT8, shape, ByteBuffer.wrap(bytes)))));
      float[] b = only(real.run(Map.of("input", HostTensor.ofFloats(shape, values))));
      for (int i = 0; i < a.length; i++) {
        assertThat(Math.abs(a[i] - b[i])).isLessThan(1e-4f);
      }
    }
  }

  /** What the written model says of pixels that all are 0x336699. */
  private float[] answerToOneColour() {
    try (Predictor pixels = new SavedModelRuntime().open(folder, "pixels", 1)) {
      ByteBuffer plain = ByteBuffer.allocate(3 * 64);
      for (byte one : new byte[] {0x33, 0x66, (byte) 0x99}) {
        for (int i = 0; i < 64; i++) {
          plain.put(one);
        }
      }
      HostTensor x = HostTensor.of(DType.UINT8, Shape.of(1, 3, 8, 8), plain.flip());
      return only(pixels.run(Map.of("pixels", x)));
    }
  }

  @Test
  void image_encoded_isDecodedScaledAndAnswered() throws Exception {
    SavedModelWriter.write(Lowering.of(NET), folder);
    BufferedImage picture = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 16; x++) {
      for (int y = 0; y < 12; y++) {
        picture.setRGB(x, y, 0x336699);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    float[] expected = answerToOneColour();
    try (SavedModelBundle bundle = SavedModelBundle.load(folder.toString(), "serve");
        TString file = TString.tensorOfBytes(NdArrays.scalarOfObject(png.toByteArray()));
        Result result = bundle.function("image").call(Map.of("image", file))) {
      TFloat32 scores = (TFloat32) result.get(0);
      for (int i = 0; i < 3; i++) {
        assertThat(Math.abs(scores.getFloat(0, i) - expected[i])).isLessThan(1e-4f);
      }
    }
  }

  /** Pictures of which the middle alone has a colour, wide, high and odd ones. */
  @Test
  void image_ofAModelOfCroppedImages_isCroppedBeforeItIsScaled() throws Exception {
    SavedModelWriter.write(Lowering.of(Metadata.withFit(NET, ResizeMode.CROP)), folder);
    float[] expected = answerToOneColour();
    for (int[] extents : new int[][] {{8, 16}, {20, 8}, {9, 14}, {7, 7}, {1, 5}}) {
      int height = extents[0];
      int width = extents[1];
      int side = Math.min(height, width);
      BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int x = 0; x < width; x++) {
        for (int y = 0; y < height; y++) {
          int left = (width - side) / 2;
          int top = (height - side) / 2;
          boolean middle = x >= left && x < left + side && y >= top && y < top + side;
          picture.setRGB(x, y, middle ? 0x336699 : 0xff0000);
        }
      }
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(picture, "png", png);
      try (SavedModelBundle bundle = SavedModelBundle.load(folder.toString(), "serve");
          TString file = TString.tensorOfBytes(NdArrays.scalarOfObject(png.toByteArray()));
          Result result = bundle.function("image").call(Map.of("image", file))) {
        TFloat32 scores = (TFloat32) result.get(0);
        for (int i = 0; i < 3; i++) {
          assertThat(Math.abs(scores.getFloat(0, i) - expected[i]))
              .as("%d x %d", height, width)
              .isLessThan(1e-4f);
        }
      }
    }
  }

  @Test
  void features_ofAClassifier_areWhatTheLastLayerTakes() {
    SavedModelWriter.write(Lowering.of(NET), folder);
    try (Predictor p = new SavedModelRuntime().open(folder, "features", 1)) {
      assertThat(p.outputs().get(0).shape()).hasToString("[batch, 16]");
      float[] values = only(p.run(Parities.inputs(NET, 2)));
      assertThat(values).hasSize(32);
    }
  }

  @Test
  void open_unknownSignatureOrNoModel_isOneLine() {
    SavedModelWriter.write(Lowering.of(NET), folder);
    assertThatThrownBy(() -> new SavedModelRuntime().open(folder, "train", 1))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            folder
                + ": has no signature 'train' (expected: one of [features, image, pixels,"
                + " serving_default])");
    assertThatThrownBy(() -> new SavedModelRuntime().open(folder.resolve("assets"), "x", 1))
        .hasMessageContaining("holds no saved_model.pb");
  }

  @Test
  void run_keywordSpottingOfAnotherMake_saysWhatTensorFlowForPythonSays() {
    Path model = SharedFolder.require("models/mlperf-tiny/kws_ref_model");
    float[] values = new float[490];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 0.1);
    }
    HostTensor x = HostTensor.ofFloats(Shape.of(1, 1, 49, 10), values);
    try (Predictor p = new SavedModelRuntime().open(model, "serving_default", 1)) {
      assertThat(p.inputs().get(0).shape()).hasToString("[batch, 1, 49, 10]");
      // TensorFlow 2.21 for Python on the same numbers, tf.compat.v1.saved_model, four digits
      float[] golden = {
        0.0730f, 0.0867f, 0.0367f, 0.0220f, 0.0607f, 0.1783f, 0.0679f, 0.0648f, 0.0409f, 0.0142f,
        0.0393f, 0.3154f
      };
      assertThat(only(p.run(Map.of("input_1", x)))).containsExactly(golden, within(6e-5f));
    }
  }
}
