package org.distill4j.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.TestSet;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.eval.Comparison;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.results.ExportSummary;
import org.distill4j.results.Gate;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;
import org.distill4j.results.SearchSummary;

/** A whole run in miniature: four linear models on clothes images, one taught by another. */
final class SampleRun {
  private static final int TRAIN = 1200;
  private static final int VALIDATION = 500;
  private static final int TEST = 1500;
  private static final int LABELLED = 100;
  private static final double TEMPERATURE = 2;

  private final Dataset train;
  private final Dataset validation;
  private final Dataset test;
  private final Map<String, LinearModel> models = new LinkedHashMap<>();
  private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();
  private final Map<String, double[][]> probabilities = new LinkedHashMap<>();

  private SampleRun(Path cache) {
    Splits splits =
        new DataCatalog(new DataLocations(Optional.empty(), cache, true), ProgressListener.NONE)
            .open("fashion-mini");
    train = Subset.range(splits.train().data(), 0, TRAIN);
    validation = Subset.range(splits.validation().data(), 0, VALIDATION);
    test = Subset.range(splits.test().data(), 0, TEST);
    LinearModel teacher =
        LinearModel.train(train, LinearModel.oneHot(train, TRAIN), validation, 8, 0.02f);
    models.put("teacher", teacher);
    models.put(
        "student-alone",
        LinearModel.train(train, LinearModel.oneHot(train, LABELLED), validation, 8, 0.02f));
    double[][] soft = new double[TRAIN][];
    for (int i = 0; i < TRAIN; i++) {
      soft[i] = LinearModel.softmax(teacher.logits(train, i), TEMPERATURE);
    }
    models.put("student", LinearModel.train(train, soft, validation, 5, 0.01f));
    models.put(
        "student-all-labels",
        LinearModel.train(train, LinearModel.oneHot(train, TRAIN), validation, 5, 0.01f));
  }

  /**
   * Trains, evaluates in ONNX Runtime and gathers what a report shows.
   *
   * @param cache where the embedded data are unpacked
   */
  static ReportData report(Path cache) {
    SampleRun run = new SampleRun(cache);
    Map<String, Predictor> predictors = new LinkedHashMap<>();
    try {
      run.models.forEach(
          (name, model) ->
              predictors.put(name, new OnnxRuntime().open(model.graph(name, run.test.shape()), 1)));
      return run.report(predictors);
    } finally {
      predictors.values().forEach(Predictor::close);
    }
  }

  private ReportData report(Map<String, Predictor> predictors) {
    predictors.forEach(
        (name, predictor) ->
            evaluations.put(
                name, Evaluation.of(predictor, test.preprocessing(), new TestSet(test))));
    List<String> shown = List.of("teacher", "student-alone", "student");
    long[] picked = Gallery.pick(16, shown.stream().map(evaluations::get).toList());
    for (String name : shown) {
      probabilities.put(
          name,
          Probabilities.of(
              predictors.get(name), ScoreKind.LOGITS, test.preprocessing(), test, picked));
    }
    long[] told = Gallery.oneOfEach(train, 10);
    double[][] logits = new double[told.length][];
    for (int i = 0; i < told.length; i++) {
      logits[i] = models.get("teacher").logits(train, (int) told[i]);
    }
    List<ReportData.Curve> curves = new ArrayList<>();
    models.forEach((name, model) -> curves.add(new ReportData.Curve(name, model.epochs)));
    List<ReportData.Judged> judged = new ArrayList<>();
    evaluations.forEach((name, e) -> judged.add(new ReportData.Judged(name, e)));
    return new ReportData(
        results(),
        test.classes(),
        curves,
        judged,
        Gallery.samples(test, picked, probabilities),
        Optional.of(Gallery.softLabels(train, told, TEMPERATURE, logits)),
        List.of(
            new ReportData.Course("hard", "linear 0.1 -> 0.9", List.of(0.1, 0.5, 0.9)),
            new ReportData.Course("soft", "distil-first 0.9 -> 0.1", List.of(0.9, 0.5, 0.1)),
            new ReportData.Course("temperature", "2", List.of(2.0, 2.0, 2.0))),
        """
        name: quickstart
        seed: 1
        data:
          name: fashion-mini
          labelled: 1200
        teacher:
          net: {cnn: {channels: [32, 64, 128], dense: 128}}
          train: {epochs: 6, batch: 128, optimizer: adam, rate: 0.001}
        student:
          net: {cnn: {channels: [8, 16], dense: 64}}
          distil: {temperature: 2, hard: 0.1, soft: 0.9}
        """,
        Environment.here(2));
  }

  private Results results() {
    List<Results.Model> rows = new ArrayList<>();
    evaluations.forEach(
        (name, e) -> {
          boolean large = name.equals("teacher");
          double p50 = large ? 0.912 : 0.061;
          rows.add(
              new Results.Model(
                  name,
                  name + "/model.onnx",
                  large ? 896_906 : 52_138,
                  large ? 28_901_632 : 620_544,
                  large ? 3_590_201 : 210_934,
                  Metrics.of(e),
                  new Results.Latency(1, 1, p50, 1.2 * p50, 1.6 * p50)));
        });
    return new Results(
        1,
        "quickstart",
        1,
        151.2,
        new Results.Data("fashion-mini", TRAIN, VALIDATION, TEST, test.sha256()),
        Samples.results().stages(),
        rows,
        List.of(
            comparison("student", "student-alone"),
            comparison("student", "teacher"),
            comparison("student", "student-all-labels")),
        List.of(
            new Results.Advice("weak-teacher", 0.7, "a good teacher", "train it longer", null),
            new Results.Advice(
                "capacity", 0.06, "not too small", "small", "a known small student")),
        new Gate(
            false,
            List.of(
                new Gate.Rule("advice weak-teacher", "validation", 0.7, false, "train it longer"))),
        new SearchSummary(
            "validation accuracy",
            List.of(
                new SearchSummary.Trial(
                    "trial-t2", 2, 0.1, 0.9, 0.81, 0.6, 5, true, "trial-t2/m.onnx"),
                new SearchSummary.Trial("trial-t5", 5, 0.1, 0.9, 0.79, 0.7, 5, false, "t"))),
        List.of(new ExportSummary("tflite", "export/forms/tflite", 59_122, 100, 0.04, 0.99)));
  }

  private Results.Comparison comparison(String candidate, String baseline) {
    return Results.Comparison.of(
        candidate, baseline, Comparison.of(evaluations.get(candidate), evaluations.get(baseline)));
  }
}
