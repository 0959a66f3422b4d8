package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.distill4j.gate.Verdict;
import org.distill4j.results.Gate;
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
}
