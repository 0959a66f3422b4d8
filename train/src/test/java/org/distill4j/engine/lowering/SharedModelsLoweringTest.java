package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.distill4j.SharedFolder;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.tensor.HostTensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The pretrained CIFAR ResNets, whose shortcuts are Slice and Pad of channels. */
class SharedModelsLoweringTest {
  private static Graph resNet(int depth) {
    return OnnxReader.read(
        SharedFolder.require("models/cifar10-resnet/cifar10_resnet" + depth + ".onnx"));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 56})
  void lower_pretrainedResNet_equalsOnnxRuntime(int depth) {
    assertEqualsOnnxRuntime(depth);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {32, 44})
  void lower_furtherPretrainedResNet_equalsOnnxRuntime(int depth) {
    assertEqualsOnnxRuntime(depth);
  }

  private static void assertEqualsOnnxRuntime(int depth) {
    Graph graph = resNet(depth);
    Map<String, HostTensor> feeds = LoweredRun.feeds(graph, 4, 1);

    try (LoweredRun<TFloat32> run = LoweredRun.inference(graph)) {
      double[] found =
          run.run(feeds, List.of(run.lowered.output(graph.onlyOutput().name()))).get(0);

      assertThat(found).containsExactly(LoweredRun.onnxRuntime(graph, feeds).get(0), within(1e-3));
    }
  }

  @Test
  void lower_pretrainedResNetForTraining_hasFiniteGradientsAndUpdates() {
    Graph graph = resNet(20);
    Map<String, HostTensor> feeds = LoweredRun.feeds(graph, 4, 1);

    try (LoweredRun<TFloat32> run = LoweredRun.training(graph, TFloat32.class)) {
      Operand<TFloat32> logits = run.lowered.output(graph.onlyOutput().name());
      var gradients =
          run.tf.gradients(
              run.tf.nn.l2Loss(logits),
              run.variables.trainable().stream().map(Variable::ref).toList());
      List<Operand<TFloat32>> fetched = new ArrayList<>();
      for (int i = 0; i < run.variables.trainable().size(); i++) {
        fetched.add(gradients.dy(i));
      }
      run.lowered.statisticUpdates().forEach(u -> fetched.add(u.value()));

      assertThat(run.lowered.statisticUpdates()).hasSize(2 * 19);
      for (double[] values : run.run(feeds, fetched)) {
        assertThat(Arrays.stream(values)).isNotEmpty().allMatch(Double::isFinite);
      }
    }
  }
}
