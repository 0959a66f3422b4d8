package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.distill4j.data.DataCatalog;
import org.distill4j.data.Splits;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.Rounding;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A net so small and integers so coarse that every rung is reached. */
class LadderTest {
  private static final int BITS = 3;
  private static final QuantizeSettings SETTINGS =
      new QuantizeSettings(
          Form.STATIC,
          Optional.of(Observer.MIN_MAX),
          128,
          Optional.empty(),
          BITS,
          false,
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.of(new AwareSettings(1, 1, Rounding.Ranges.LSQ, List.of())),
          Prefer.BYTES);

  private static Splits data;
  private static Graph model;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("digits");
    Graph net = new Cnn(List.of("4", "pool", "8"), List.of(16), 0, true).build(data.shape(), 10, 1);
    model = Trainer.of(net, data).settings(TrainSettings.epochs(8)).train().model();
  }

  @Test
  void climb_untilNothingIsLost_repairsThenKeepsLayersFloat() {
    Map<String, Double> drops = climbed(0, false);
    assertThat(drops)
        .containsKeys("int8-equalized", "int8-corrected", "int8-rounded", "int8-first-layer-float")
        .containsKeys("int8-2-float", "int8-3-float") // of four layers, the half of them at first
        .doesNotContainKey("int8-1-float");
    // as many points as were lost before
    assertThat(drops.get("int8-rounded")).isLessThan(drops.get("int8") / 2);
    assertThat(drops.get("int8-first-layer-float")).isLessThan(drops.get("int8-rounded"));
  }

  @Test
  void climb_whereWhatIsTrainedIsWithinTheLimit_keepsNoLayerFloat() {
    Map<String, Double> drops = climbed(.028, true);
    List<String> rungs = List.copyOf(drops.keySet());
    assertThat(rungs.subList(rungs.size() - 2, rungs.size()))
        .containsExactly("int8-rounded", "int8-trained");
    assertThat(drops.get("int8-trained")).isLessThan(drops.get("int8-rounded"));
  }

  @Test
  void climb_whereTheFirstRungIsWithinTheLimit_triesNothingElse() {
    assertThat(climbed(.5, true)).containsOnlyKeys("int8");
  }

  private static Map<String, Double> climbed(double maxDrop, boolean isTaught) {
    Optional<AwareTraining.School> school =
        isTaught
            ? Optional.of(
                (net, t) -> Trainer.of(net, data).threads(1).settings(TrainSettings.epochs(4)))
            : Optional.empty();
    Attempts attempts =
        new Attempts(model, data, SETTINGS, TargetMachine.HERE, school, 1, ProgressListener.NONE);
    Map<String, Double> drops = new LinkedHashMap<>();
    new Ladder(recorded(attempts, drops), maxDrop, () -> true, ProgressListener.NONE)
        .climb(Set.of());
    return drops;
  }

  private static Ladder.Trier recorded(Attempts attempts, Map<String, Double> drops) {
    return new Ladder.Trier() {
      @Override
      public double drop(Ladder.Rung rung) {
        double drop = attempts.drop(rung);
        drops.put(rung.name(), drop);
        return drop;
      }

      @Override
      public OptionalDouble trained(Ladder.Rung rung) {
        OptionalDouble drop = attempts.trained(rung);
        drop.ifPresent(d -> drops.put(rung.name(), d));
        return drop;
      }

      @Override
      public boolean changes(Repair repair, Ladder.Rung rung) {
        return attempts.changes(repair, rung);
      }

      @Override
      public List<String> layers(Set<Repair> repairs) {
        return attempts.layers(repairs);
      }

      @Override
      public List<String> bySensitivity(Set<Repair> repairs) {
        return attempts.bySensitivity(repairs);
      }
    };
  }
}
