package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

class BatchNormLoweringTest {
  static Stream<Graph> norms() {
    return Stream.of(norm(3), norm(3, 5), norm(3, 2, 4), norm(3, 2, 4, "epsilon", 0.01f));
  }

  private static Graph norm(long channels, Object... rest) {
    long[] example =
        Stream.of(rest).filter(Integer.class::isInstance).mapToLong(i -> (int) i).toArray();
    Object[] attributes = Stream.of(rest).filter(o -> !(o instanceof Integer)).toArray();
    long[] sizes = new long[example.length + 1];
    sizes[0] = channels;
    System.arraycopy(example, 0, sizes, 1, example.length);
    return OneNode.graph("norm of " + Shape.of(sizes))
        .input("x", sizes)
        .weight("scale", channels)
        .weight("bias", channels)
        .weight("mean", channels)
        .constant("variance", HostTensor.ofFloats(Shape.of(channels), 0.5f, 1.5f, 2.5f))
        .node("BatchNormalization", "x scale bias mean variance", "y", attributes)
        .build();
  }

  @ParameterizedTest
  @MethodSource("norms")
  void lower_norm_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }

  /** Batch of 4 numbers 1, 2, 3, 6: mean 3, population variance (4 + 1 + 0 + 9) / 4 = 3.5. */
  private static <T extends TFloating> void assertUpdates(Class<T> type) {
    Graph graph =
        OneNode.graph("one channel")
            .input("x", 1)
            .constant("scale", HostTensor.ofFloats(Shape.of(1), 1))
            .constant("bias", HostTensor.ofFloats(Shape.of(1), 0))
            .constant("mean", HostTensor.ofFloats(Shape.of(1), 10))
            .constant("variance", HostTensor.ofFloats(Shape.of(1), 20))
            .node("BatchNormalization", "x scale bias mean variance", "y", "momentum", 0.75f)
            .build();
    try (LoweredRun<T> run = LoweredRun.training(graph, type)) {
      List<StatisticUpdate<T>> updates = run.lowered.statisticUpdates();
      List<double[]> values =
          run.run(
              Map.of("x", HostTensor.ofFloats(Shape.of(4, 1), 1, 2, 3, 6)),
              updates.stream().map(StatisticUpdate::value).toList());

      assertThat(updates).extracting(u -> u.variable().name()).containsExactly("mean", "variance");
      assertThat(values.get(0)[0]).isCloseTo(0.75 * 10 + 0.25 * 3, within(1e-5));
      assertThat(values.get(1)[0]).isCloseTo(0.75 * 20 + 0.25 * 3.5, within(1e-5));
    }
  }

  @Test
  void statisticUpdates_fused_moveToPopulationStatistics() {
    assertUpdates(TFloat32.class);
  }

  @Test
  void statisticUpdates_composite_moveToPopulationStatistics() {
    assertUpdates(TFloat64.class);
  }

  @Test
  void statisticUpdates_inference_areNone() {
    try (LoweredRun<TFloat32> run = LoweredRun.inference(norm(3, 2, 4))) {
      assertThat(run.lowered.statisticUpdates()).isEmpty();
    }
  }
}
