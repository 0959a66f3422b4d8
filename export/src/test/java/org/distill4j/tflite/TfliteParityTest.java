package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The interpreter and ONNX Runtime say the same. */
class TfliteParityTest {
  private static final double CLOSE = 1e-4;

  static Stream<Named<Graph>> nets() {
    Shape grey = Shape.of(1, 28, 28);
    Shape colour = Shape.of(3, 32, 32);
    List<String> student = List.of("8", "pool", "16", "pool");
    return Stream.of(
        Named.of(
            "quickstart student",
            new Cnn(student, List.of(64), 0, false).build(grey, 10, Seeds.of(1))),
        Named.of(
            "quickstart teacher",
            new Cnn(List.of("32", "64", "pool", "128", "pool"), List.of(128), 0.3, false)
                .build(grey, 10, Seeds.of(1))),
        Named.of(
            "normed cnn", new Cnn(student, List.of(16), 0, true).build(colour, 10, Seeds.of(1))),
        Named.of("mlp", new Mlp(List.of(32, 16), 0.1).build(grey, 10, Seeds.of(1))),
        Named.of("resnet", new ResNet(8, 8).build(colour, 10, Seeds.of(1))),
        Named.of("mobilenet", new MobileNetV2(0.5, 6).build(colour, 10, Seeds.of(1))),
        Named.of(
            "ds-cnn",
            new DsCnn(16, 2, List.of(10, 4), 2, 0.2).build(Shape.of(1, 49, 10), 12, Seeds.of(1))));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void run_zooNet_isCloseToOnnxRuntime(Graph net) {
    try (Predictor p = new TfliteRuntime().open(net, 1)) {
      assertThat(Parities.difference(net, p, 3)).isLessThan(CLOSE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cifar10-resnet/cifar10_resnet20.onnx",
        "ultraface/version-RFB-320.onnx",
        "ultraface/version-slim-320_without_postprocessing.onnx"
      })
  void run_sharedModel_isCloseToOnnxRuntime(String file) {
    Graph model = OnnxReader.read(SharedFolder.require("models/" + file));
    try (Predictor p = new TfliteRuntime().open(model, 1)) {
      assertThat(Parities.difference(model, p, 2)).isLessThan(CLOSE);
    }
  }
}
