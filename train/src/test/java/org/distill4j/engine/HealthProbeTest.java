package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.distill.Objective;
import org.distill4j.graph.Graph;
import org.distill4j.progress.LayerHealth;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.Net;
import org.junit.jupiter.api.Test;

class HealthProbeTest {
  private static final Net NET = new Cnn(List.of("4", "pool"), List.of(6), 0, false);

  private static Graph net() {
    return NET.build(Shape.of(1, 8, 8), 3, 1);
  }

  /** One step on a batch of four examples, all 0.5, of class 0; then what is seen. */
  private static List<LayerHealth> health(Graph net) {
    TrainSettings settings = TrainSettings.epochs(1);
    try (Training training = Training.open(net, Objective.LABELS_ONLY, settings, 4, 1, 1);
        FeedBatch batch = training.newBatch()) {
      for (int i = 0; i < 4 * 64; i++) {
        batch.input().put(i, 0.5f);
      }
      for (int i = 0; i < 4; i++) {
        batch.array("labels").put(3 * i, 1);
      }
      training.step(0, 1, batch);
      Map<String, HostTensor> before = training.state();
      List<LayerHealth> health = training.health(batch);
      assertThat(training.state().keySet()).isEqualTo(before.keySet());
      for (String name : before.keySet()) {
        assertThat(training.state().get(name).bytes()).isEqualTo(before.get(name).bytes());
      }
      return health;
    }
  }

  @Test
  void health_freshNet_everyLayerLearns() {
    List<LayerHealth> health = health(net());
    assertThat(health).hasSize(3 + 2); // weights of a convolution and two Gemms, two ReLUs
    assertThat(health.subList(0, 3))
        .allSatisfy(
            l -> {
              assertThat(l.gradient()).isPositive();
              assertThat(l.weight()).isPositive();
              assertThat(l.dead()).isNaN();
            });
    assertThat(health.subList(3, 5)).allSatisfy(l -> assertThat(l.dead()).isBetween(0.0, 1.0));
  }

  @Test
  void health_biasFarBelowZero_isADeadLayerWithoutGradient() {
    Graph net = net();
    Map<String, HostTensor> sunk = new HashMap<>(net.initializers());
    String bias =
        sunk.keySet().stream()
            .filter(n -> n.contains("conv") && n.contains("bias"))
            .findFirst()
            .orElseThrow();
    sunk.put(bias, HostTensor.ofFloats(Shape.of(4), -100f, -100f, -100f, -100f));
    List<LayerHealth> health = health(net.withInitializers(sunk));
    assertThat(health.get(0).gradient()).isZero();
    assertThat(health.get(3).dead()).isEqualTo(1);
  }
}
