package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat32;

class ZooLoweringTest {
  static Stream<Graph> nets() {
    Shape image = Shape.of(3, 16, 16);
    return Stream.of(
            new Mlp(List.of(16, 8), 0.2),
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(12), 0.1, true),
            new ResNet(8, 8),
            new MobileNetV2(0.25, 6),
            new DsCnn(8, 2, List.of(3, 5), 2, 0.2))
        .map((Net n) -> n.build(image, 10, Seeds.of(1)));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void lower_forInference_equalsOnnxRuntime(Graph graph) {
    Map<String, HostTensor> feeds = LoweredRun.feeds(graph, 5, 1);

    try (LoweredRun<TFloat32> run = LoweredRun.inference(graph)) {
      double[] found =
          run.run(feeds, List.of(run.lowered.output(graph.onlyOutput().name()))).get(0);
      assertThat(found).containsExactly(LoweredRun.onnxRuntime(graph, feeds).get(0), within(1e-4));
    }
  }

  static Stream<Graph> smallNets() {
    Shape image = Shape.of(2, 8, 8);
    return Stream.of(
            new Cnn(List.of("3", "pool", "4"), List.of(5), 0.2, true),
            new ResNet(8, 2),
            new DsCnn(4, 1, List.of(3, 5), 2, 0.2))
        .map((Net n) -> n.build(image, 3, Seeds.of(1)));
  }

  @ParameterizedTest
  @MethodSource("smallNets")
  void lower_forTraining_hasTheGradientsOfDifferences(Graph graph) {
    Proof.gradientsEqualDifferences(graph);
  }
}
