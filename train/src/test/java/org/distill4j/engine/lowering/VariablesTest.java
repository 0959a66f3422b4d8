package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Parameter.Role;
import org.distill4j.graph.Parameters;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class VariablesTest {
  private static final Graph NET =
      new Cnn(List.of("4", "pool", "6"), List.of(5), 0, true).build(Shape.of(3, 8, 8), 4, 1);

  @Test
  void of_aNet_hasItsParametersAndStatistics() {
    Parameters parameters = Parameters.of(NET);
    try (LoweredRun<TFloat32> run = LoweredRun.inference(NET)) {
      assertThat(run.variables.trainable())
          .extracting(Variable::name)
          .isEqualTo(parameters.names());
      assertThat(run.variables.statistics())
          .extracting(Variable::name)
          .containsExactlyElementsOf(parameters.statistics().keySet());
      for (Variable<TFloat32> variable : run.variables.trainable()) {
        assertThat(variable.role()).contains(parameters.find(variable.name()).orElseThrow().role());
        assertThat(variable.decays()).isEqualTo(variable.role().orElseThrow() == Role.WEIGHT);
        assertThat(variable.ref().shape().asArray())
            .isEqualTo(variable.layout().tensorFlow().sizes());
      }
    }
  }

  @Test
  void fetch_afterInitialize_givesTheGraphsOwnBits() {
    try (LoweredRun<TFloat32> run = LoweredRun.inference(NET)) {
      Map<String, HostTensor> fetched = run.variables.fetch(run.session);

      assertThat(fetched)
          .hasSize(run.variables.trainable().size() + run.variables.statistics().size());
      fetched.forEach((name, t) -> assertThat(t).isEqualTo(NET.initializers().get(name)));
    }
  }

  @Test
  void assign_others_changesWhatTheNetComputes() {
    Graph other =
        new Cnn(List.of("4", "pool", "6"), List.of(5), 0, true).build(Shape.of(3, 8, 8), 4, 2);
    Map<String, HostTensor> feeds = LoweredRun.feeds(NET, 2, 1);
    String logits = NET.onlyOutput().name();
    try (LoweredRun<TFloat32> run = LoweredRun.inference(NET);
        LoweredRun<TFloat32> expected = LoweredRun.inference(other)) {
      run.variables.assign(run.session, expected.variables.fetch(expected.session));

      assertThat(run.run(feeds, List.of(run.lowered.output(logits))).get(0))
          .isEqualTo(expected.run(feeds, List.of(expected.lowered.output(logits))).get(0));
    }
  }

  @Test
  void fetch_float64_givesFloat32() {
    try (LoweredRun<TFloat64> run = LoweredRun.training(NET, TFloat64.class)) {
      run.variables
          .fetch(run.session)
          .forEach((name, t) -> assertThat(t).isEqualTo(NET.initializers().get(name)));
    }
  }

  @Test
  void assign_unknownName_isRefused() {
    try (LoweredRun<TFloat32> run = LoweredRun.inference(NET)) {
      Map<String, HostTensor> values = Map.of("nothing", HostTensor.scalar(1));

      assertThatThrownBy(() -> run.variables.assign(run.session, values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'nothing'");
    }
  }
}
