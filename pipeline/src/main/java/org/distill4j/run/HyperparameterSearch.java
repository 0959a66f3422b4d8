package org.distill4j.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.distill4j.advice.TemperatureAtEdgeRule;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.progress.Epoch;
import org.distill4j.recipe.SearchSettings;
import org.distill4j.results.SearchSummary;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.Stage;
import org.distill4j.step.StudentSpec;
import org.distill4j.step.StudentStage;

/**
 * Students that differ in temperature and weights, all kept, and the one that does best on
 * validation: the highest accuracy, of these the lowest loss, of these the first.
 *
 * @param done each trial with its stage, in the order tried
 * @param best one of them
 */
record HyperparameterSearch(List<Done> done, Done best) {
  /** A trial and the stage that it left. */
  record Done(SearchSettings.Trial trial, Stage stage) {
    /** The epoch whose weights were kept. */
    Epoch kept() {
      int epoch = stage.record().training().orElseThrow().keptEpoch();
      return stage.record().epochs().get(epoch - 1);
    }
  }

  HyperparameterSearch {
    done = List.copyOf(done);
  }

  /**
   * Tries everything, or goes on where an earlier run was cut off.
   *
   * @param heard takes note of each stage
   */
  static HyperparameterSearch run(
      RunEnvironment run,
      SearchSettings settings,
      TeacherSignal teaching,
      UnaryOperator<Stage> heard) {
    List<Done> done = new ArrayList<>();
    for (SearchSettings.Trial trial : settings.trials(run.recipe().distill())) {
      StudentSpec lesson =
          new StudentSpec(
              trial.name(), trial.distill().objective(), run.labelled(), Optional.of(teaching));
      done.add(new Done(trial, heard.apply(StudentStage.run(run, lesson))));
    }
    Done best =
        done.stream()
            .min(
                Comparator.comparingDouble((Done d) -> -d.kept().validationAccuracy())
                    .thenComparingDouble(d -> d.kept().validationLoss()))
            .orElseThrow();
    run.says(
        String.format(
            Locale.ROOT,
            "search: best of %d on validation: %s, accuracy %.4f",
            done.size(),
            best.trial().distill().formula(),
            best.kept().validationAccuracy()));
    return new HyperparameterSearch(done, best);
  }

  /** What results tell of it. */
  SearchSummary results() {
    return new SearchSummary(
        "validation accuracy",
        done.stream()
            .map(
                d ->
                    new SearchSummary.Trial(
                        d.stage().name(),
                        d.trial().distill().temperature().at(0),
                        d.trial().distill().hard().at(0),
                        d.trial().distill().soft().at(0),
                        d.kept().validationAccuracy(),
                        d.kept().validationLoss(),
                        d.kept().epoch(),
                        d.equals(best),
                        d.stage().name() + "/" + d.stage().artefact().getFileName()))
            .toList());
  }

  /** Whether the best temperature is at the edge of what was tried. */
  TemperatureAtEdgeRule edge() {
    return new TemperatureAtEdgeRule(
        done.stream().map(d -> d.trial().distill().temperature().at(0)).toList(),
        best.trial().distill().temperature().at(0));
  }
}
