package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.distill4j.eval.ChanceAccumulator;
import org.distill4j.eval.Evaluation;
import org.distill4j.gate.Verdict;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.results.Gate;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class YardstickTest {
  private static Gate.Rule kept(boolean passed) {
    return new Gate.Rule("drop", "validation", 0.1, passed, "drop");
  }

  private static GateRetries.Tried tried(String name, double score, Gate.Rule... rules) {
    return new GateRetries.Tried(name, null, null, new Verdict(score, List.of(rules)));
  }

  @Test
  void chosen_anAttemptAtChance_isTakenOnlyIfAllAre() {
    Gate.Rule fault = Yardstick.broken("student", "validation", 100, "at chance");
    GateRetries.Tried failed = tried("recipe", 0.9, fault, kept(true), kept(true));
    GateRetries.Tried sound = tried("attempt-1", 0.5, kept(false), kept(false));
    GateRetries.Tried better = tried("attempt-2", 0.6, kept(false), kept(false));
    assertThat(GateRetries.chosen(List.of(failed, sound, better))).isSameAs(better);
    assertThat(GateRetries.chosen(List.of(failed))).isSameAs(failed);
  }

  @Test
  void best_aTrialAtChance_isTakenOnlyIfAllAre() {
    HyperparameterSearch.Done failed =
        new HyperparameterSearch.Done(null, null, 0.99, "no better than the commonest class");
    HyperparameterSearch.Done sound = new HyperparameterSearch.Done(null, null, 0.5, null);
    HyperparameterSearch.Done better = new HyperparameterSearch.Done(null, null, 0.6, null);
    assertThat(HyperparameterSearch.best(List.of(failed, sound, better))).isSameAs(better);
    assertThat(HyperparameterSearch.best(List.of(failed))).isSameAs(failed);
  }

  /** Of 40 examples of two classes: always right, or always the first class. */
  private static Evaluation evaluation(boolean isRight) {
    ChanceAccumulator chance = new ChanceAccumulator(2);
    for (int i = 0; i < 40; i++) {
      chance.add(i % 2, isRight ? i % 2 : 0, isRight ? 0.1 : 0.7);
    }
    return new Evaluation(
        "data",
        "test",
        "00",
        TaskType.SINGLE_LABEL,
        0,
        null,
        null,
        null,
        Map.of(),
        chance.level(),
        null);
  }

  @Test
  void fault_severalSeeds_isThatOfTheFirstAndOthersAreNamed() {
    Value value = new Value("x", DType.FLOAT32, Shape.of(1, 2));
    Graph model = new Graph("model", List.of(value), List.of(value), List.of(), Map.of(), Map.of());
    List<Evaluation> second = List.of(evaluation(true), evaluation(true), evaluation(false));
    assertThat(Yardstick.fault(model, second)).isEmpty();
    assertThat(Yardstick.ofOthers(second, 7))
        .singleElement()
        .asString()
        .startsWith("seed 9: no better than always answering the commonest class");
    List<Evaluation> first = List.of(evaluation(false), evaluation(true));
    assertThat(Yardstick.fault(model, first)).isPresent();
    assertThat(Yardstick.ofOthers(first, 7)).isEmpty();
  }
}
