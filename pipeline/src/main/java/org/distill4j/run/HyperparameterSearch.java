package org.distill4j.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.distill4j.advice.TemperatureAtEdgeRule;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Estimate;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.Epoch;
import org.distill4j.recipe.SearchSettings;
import org.distill4j.results.SearchSummary;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.Stage;
import org.distill4j.step.StudentSpec;
import org.distill4j.step.StudentStage;

/**
 * Students that differ in temperature and weights, all kept, and the one that does best on
 * validation: one that is a result at all, of these the highest accuracy, or what suits uneven
 * classes, of these the lowest loss, of these the first.
 *
 * @param metric by which they are chosen
 * @param done each trial with its stage, in the order tried
 * @param best one of them
 */
record HyperparameterSearch(Metric metric, List<Done> done, Done best) {
  /**
   * A trial and the stage that it left.
   *
   * @param score by the metric, on validation
   * @param fault why it is no result at all; null if nothing is wrong
   */
  record Done(SearchSettings.Trial trial, Stage stage, double score, String fault) {
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
    Metric metric = Metric.suiting(run.data().train().data());
    List<Done> done = new ArrayList<>();
    for (SearchSettings.Trial trial : settings.trials(run.recipe().distill())) {
      StudentSpec lesson =
          new StudentSpec(
              trial.name(), trial.distill().objective(), run.labelled(), Optional.of(teaching));
      done.add(done(run, metric, trial, heard.apply(StudentStage.run(run, lesson))));
    }
    Done best = best(done);
    run.says(
        String.format(
            Locale.ROOT,
            "search: best of %d on validation: %s, %s %.4f",
            done.size(),
            best.trial().distill().formula(),
            title(metric),
            metric == Metric.MAE ? best.kept().validationLoss() : best.score()));
    return new HyperparameterSearch(metric, done, best);
  }

  static Done best(List<Done> done) {
    return done.stream()
        .min(
            Comparator.comparing((Done d) -> d.fault() != null)
                .thenComparingDouble(d -> -d.score())
                .thenComparingDouble(d -> d.kept().validationLoss()))
        .orElseThrow();
  }

  private static Done done(
      RunEnvironment run, Metric metric, SearchSettings.Trial trial, Stage stage) {
    Graph model = OnnxReader.read(stage.artefact());
    List<Evaluation> found = List.of(run.evaluation(model, run.data().validation()));
    Done done = new Done(trial, stage, 0, Yardstick.fault(model, found).orElse(null));
    double score =
        metric == Metric.ACCURACY || metric == Metric.MAE // of numbers the loss decides
            ? done.kept().validationAccuracy()
            : metric.of(found).map(Estimate::value).orElse(Double.NaN);
    return new Done(trial, stage, score, done.fault());
  }

  private static String title(Metric metric) {
    return metric == Metric.MAE ? "loss" : metric.title();
  }

  /** What results tell of it. */
  SearchSummary results() {
    return new SearchSummary(
        "validation " + title(metric),
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
                        d.stage().name() + "/" + d.stage().artefact().getFileName(),
                        d.fault()))
            .toList());
  }

  /** Whether the best temperature is at the edge of what was tried. */
  TemperatureAtEdgeRule edge() {
    return new TemperatureAtEdgeRule(
        done.stream().map(d -> d.trial().distill().temperature().at(0)).toList(),
        best.trial().distill().temperature().at(0));
  }
}
