package org.distill4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.advice.MeasuredGain;
import org.distill4j.data.Dataset;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.PairedErrors;
import org.distill4j.eval.PooledComparison;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.gate.GateEvaluator;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Latency;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.DistillSettings;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.Limit;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.RecipeWriter;
import org.distill4j.report.Environment;
import org.distill4j.report.Gallery;
import org.distill4j.report.HtmlReport;
import org.distill4j.report.ReportData;
import org.distill4j.results.Gate;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;
import org.distill4j.schedule.Schedule;
import org.distill4j.shapes.Cost;
import org.distill4j.step.ExportStage;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.RunFolder;
import org.distill4j.step.Stage;

/**
 * The evaluation of a run: every model is evaluated once on the test set, in the runtime that will
 * run it, and compared with the distilled student example by example.
 */
final class RunEvaluation {
  private static final int LATENCY_BATCH = 1;
  private static final int LATENCY_THREADS = 1;

  private static final int COURSE_POINTS = 120;
  private static final int SHOWN_TEST_IMAGES = 16;
  private static final int SHOWN_SOFT_LABELS = 10;
  private static final List<String> SHOWN_MODELS =
      List.of(ModelNames.TEACHER, Baseline.ALONE.model(), ModelNames.STUDENT);

  private final RunEnvironment run;
  private final List<Stage> stages;
  private final List<SeededModels> made;
  private final Optional<TeacherSignal> teaching;
  private final Optional<HyperparameterSearch> search;
  private final Optional<GateRetries> attempts;
  private final Map<String, Graph> graphs = new LinkedHashMap<>();
  private final Map<String, List<Evaluation>> evaluations = new LinkedHashMap<>();

  /**
   * What is to be judged.
   *
   * @param chain what was made
   * @param attempts what was tried for the gate on validation
   */
  RunEvaluation(ModelChain chain, Optional<GateRetries> attempts) {
    this.run = chain.chosen();
    this.stages = chain.stages();
    this.made = chain.models();
    this.teaching = chain.teaching();
    this.search = chain.search();
    this.attempts = attempts;
  }

  /** Evaluates, and writes {@code results.json} and {@code report.html}. */
  Results write(long startNanos) {
    run.listener().begin("evaluation", made.size(), "models");
    for (SeededModels model : made) {
      evaluate(model);
      run.listener().advance(evaluations.size(), Map.of());
    }
    Map<String, Results.Latency> times = run.recipe().target().isHere() ? latencies() : Map.of();
    List<Results.Model> models =
        made.stream().map(model -> result(model, times.get(model.model()))).toList();
    run.listener()
        .end(
            "%d models on %,d test examples, in %s"
                .formatted(
                    models.size(), run.data().test().data().size(), new OnnxRuntime().name()));
    Advisor advisor = advisor();
    Results results = results(models, advisor, advice(models, advisor), startNanos);
    HtmlReport.write(run.folder().file(RunFolder.REPORT), reportData(results));
    results.write(run.folder().file(RunFolder.RESULTS)); // last: where it is, the run is whole
    return results;
  }

  private void evaluate(SeededModels model) {
    List<Evaluation> seeds = new ArrayList<>();
    for (Stage stage : model.stages()) {
      Graph graph = OnnxReader.read(stage.artefact());
      graphs.putIfAbsent(model.model(), graph);
      seeds.add(run.evaluation(graph, run.data().test()));
    }
    evaluations.put(model.model(), seeds);
  }

  private Results.Model result(SeededModels model, Results.Latency latency) {
    List<Evaluation> seeds = evaluations.get(model.model());
    Cost cost = Cost.of(graphs.get(model.model()));
    return new Results.Model(
        model.model(),
        file(model.first()),
        cost.parameters(),
        cost.macs(),
        bytes(model.first()),
        Metrics.of(seeds),
        latency,
        seeds.size() == 1 ? null : ofSeeds(model, seeds),
        model.first().record().parity());
  }

  /** All are timed in turn: what slows the machine meanwhile slows each of them. */
  private Map<String, Results.Latency> latencies() {
    List<Predictor> opened = new ArrayList<>();
    try {
      graphs.values().forEach(g -> opened.add(Runtimes.of(g).open(g, LATENCY_THREADS)));
      Map<String, Results.Latency> times = new LinkedHashMap<>();
      Iterator<Latency> found = Latency.inTurn(opened, LATENCY_BATCH, LATENCY_THREADS).iterator();
      graphs.keySet().forEach(name -> times.put(name, Results.Latency.of(found.next())));
      return times;
    } finally {
      opened.forEach(Predictor::close);
    }
  }

  private List<Results.Seed> ofSeeds(SeededModels model, List<Evaluation> evaluated) {
    List<Results.Seed> seeds = new ArrayList<>();
    for (int k = 0; k < evaluated.size(); k++) {
      Stage stage = model.stages().get(k);
      seeds.add(
          new Results.Seed(
              run.recipe().seed() + k, file(stage), stage.sha256(), Metrics.of(evaluated.get(k))));
    }
    return seeds;
  }

  /** A model against another, over all seeds. */
  private PooledComparison compared(String candidate, String baseline) {
    return PooledComparison.of(evaluations.get(candidate), evaluations.get(baseline));
  }

  private Results.Comparison comparison(String candidate, String baseline) {
    return run.data().task() == TaskType.REGRESSION
        ? Results.Comparison.of(
            candidate,
            baseline,
            PairedErrors.of(evaluations.get(candidate), evaluations.get(baseline)))
        : Results.Comparison.of(candidate, baseline, compared(candidate, baseline));
  }

  private String file(Stage stage) {
    Path within = run.folder().file(stage.name()).relativize(stage.artefact());
    return stage.name() + "/" + within.toString().replace('\\', '/');
  }

  private static long bytes(Stage stage) {
    try {
      Optional<ForeignModel> other = ForeignModel.of(OnnxReader.read(stage.artefact()));
      return other.isPresent() ? other.get().bytes() : Files.size(stage.artefact());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Results.Advice> advice(List<Results.Model> models, Advisor advisor) {
    Map<String, MeasuredGain> student = new LinkedHashMap<>();
    for (Baseline baseline : Baseline.values()) {
      if (evaluations.containsKey(baseline.model())) {
        Results.Comparison c = comparison(ModelNames.STUDENT, baseline.model());
        boolean ofErrors = run.data().task() == TaskType.REGRESSION; // fewer are better
        double gain = ofErrors ? -c.delta() : c.delta();
        student.put(baseline.model(), new MeasuredGain(gain, c.isCertain(), c.n(), ofErrors));
      }
    }
    return advisor.afterwards(
        new Advisor.Measured(
            graphs.get(ModelNames.TEACHER), models, stages, teaching, student, search));
  }

  private Advisor advisor() {
    Path recipe = run.folder().file("recipe.yaml");
    return new Advisor(
        run.recipe(),
        run.data(),
        run.labelled(),
        graphs.get(ModelNames.STUDENT),
        "./distill4j run " + recipe + " --out " + recipe.getParent());
  }

  /** Null if the recipe demands nothing. */
  private Gate gate(List<Gate.Rule> demanded) {
    List<Limit> limits = run.recipe().gate().map(GateSettings::limits).orElse(List.of());
    List<Gate.Rule> rules = new ArrayList<>(demanded);
    Gate.Best best = null;
    if (!limits.isEmpty()) {
      SeededModels last = made.get(made.size() - 1);
      Map<String, Path> files = new LinkedHashMap<>();
      made.forEach(model -> files.put(model.model(), model.first().artefact()));
      List<Gate.Rule> measured =
          new GateEvaluator(run.data().test(), evaluations, files, last.model()).rules(limits);
      int broken = (int) measured.stream().filter(r -> !r.passed()).count();
      best = new Gate.Best(last.model(), file(last.first()), broken);
      rules.addAll(measured);
    }
    return rules.isEmpty()
        ? null
        : new Gate(
            rules.stream().allMatch(Gate.Rule::passed),
            rules,
            best,
            attempts.map(GateRetries::results).orElse(null));
  }

  private Results results(
      List<Results.Model> models, Advisor advisor, List<Results.Advice> advice, long startNanos) {
    Dataset train = run.data().train().data();
    List<Results.Comparison> comparisons = new ArrayList<>();
    for (String baseline :
        List.of(Baseline.ALONE.model(), ModelNames.TEACHER, Baseline.ALL_LABELS.model())) {
      if (evaluations.containsKey(baseline)) {
        comparisons.add(comparison(ModelNames.STUDENT, baseline));
      }
    }
    for (String made : List.of(ModelNames.CORRECTED, ModelNames.PRUNED, ModelNames.INT8)) {
      if (evaluations.containsKey(made)) {
        comparisons.add(comparison(made, ModelNames.STUDENT));
      }
    }
    if (evaluations.containsKey(ModelNames.PRUNED) && evaluations.containsKey(ModelNames.INT8)) {
      comparisons.add(comparison(ModelNames.INT8, ModelNames.PRUNED));
    }
    if (evaluations.containsKey(Baseline.ALONE_INT8.model())) {
      comparisons.add(comparison(ModelNames.INT8, Baseline.ALONE_INT8.model()));
    }
    return new Results(
        Results.FORMAT,
        run.recipe().name(),
        run.recipe().seed(),
        (System.nanoTime() - startNanos) / 1e9,
        new Results.Data(
            train.name(),
            train.size(),
            run.data().validation().data().size(),
            run.data().test().data().size(),
            run.dataDigest(),
            run.data().task().spelling(),
            train.classes()),
        stages.stream()
            .map(
                s ->
                    new Results.Stage(
                        s.name(),
                        s.record().seconds(),
                        s.reused(),
                        file(s),
                        s.sha256(),
                        measured(s)))
            .toList(),
        models,
        comparisons,
        advice,
        gate(advisor.demanded(advice)),
        search.map(HyperparameterSearch::results).orElse(null),
        ExportStage.results(stages));
  }

  /** The figures that a number can be written for. */
  private static Map<String, Double> measured(Stage stage) {
    Map<String, Double> finite = new LinkedHashMap<>(stage.record().figures());
    finite.values().removeIf(figure -> !Double.isFinite(figure));
    return finite;
  }

  private ReportData reportData(Results results) {
    return new ReportData(
        results,
        run.data().test().data().classes(),
        made.stream()
            .filter(m -> !m.first().record().epochs().isEmpty())
            .map(m -> new ReportData.Curve(m.model(), m.first().record().epochs()))
            .toList(),
        evaluations.entrySet().stream()
            .map(e -> new ReportData.Judged(e.getKey(), e.getValue().get(0)))
            .toList(),
        samples(),
        teaching
            .filter(heard -> run.data().task() == TaskType.SINGLE_LABEL)
            .map(this::shownSoftLabels),
        courses(),
        RecipeWriter.text(run.recipe()),
        Environment.here(run.threads()));
  }

  /** All three where one of them moves, so that they can be compared. */
  private List<ReportData.Course> courses() {
    DistillSettings distill = run.recipe().distill();
    Map<String, Schedule> all = new LinkedHashMap<>();
    all.put("hard", distill.hard());
    all.put("soft", distill.soft());
    all.put("temperature", distill.temperature());
    if (teaching.isEmpty() || all.values().stream().allMatch(Schedule::isConstant)) {
      return List.of();
    }
    return all.entrySet().stream()
        .map(
            e ->
                new ReportData.Course(
                    e.getKey(),
                    e.getValue().says(),
                    IntStream.rangeClosed(0, COURSE_POINTS)
                        .mapToObj(i -> e.getValue().at((double) i / COURSE_POINTS))
                        .toList()))
        .toList();
  }

  private List<ReportData.Sample> samples() {
    List<String> shown = SHOWN_MODELS.stream().filter(evaluations::containsKey).toList();
    Dataset test = run.data().test().data();
    long[] indices =
        Gallery.pick(
            SHOWN_TEST_IMAGES, shown.stream().map(m -> evaluations.get(m).get(0)).toList());
    Map<String, double[][]> probabilities = new LinkedHashMap<>();
    for (String name : shown) {
      Graph graph = graphs.get(name);
      try (Predictor predictor = Runtimes.of(graph).openForBatches(graph, run.threads())) {
        probabilities.put(
            name,
            Probabilities.of(
                predictor,
                ScoreKind.LOGITS,
                Metadata.preprocessing(graph).orElseThrow(),
                test,
                indices));
      }
    }
    return Gallery.samples(test, indices, probabilities);
  }

  private ReportData.SoftLabels shownSoftLabels(TeacherSignal heard) {
    Dataset train = run.lessons().train().data();
    long[] indices = Gallery.oneOfEach(train, SHOWN_SOFT_LABELS);
    double[][] logits =
        heard instanceof TeacherSignal.Cached plain
            ? plain.labels().rows(indices)
            : logits(graphs.get(ModelNames.TEACHER), train, indices);
    return Gallery.softLabels(train, indices, run.recipe().distill().temperature().at(1), logits);
  }

  /** What the teacher says of the examples as they are, up to a constant in each row. */
  private double[][] logits(Graph teacher, Dataset train, long[] indices) {
    Preprocessing taken = Metadata.preprocessing(teacher).orElseThrow();
    try (Predictor predictor = Runtimes.of(teacher).open(teacher, run.threads())) {
      double[][] rows = Probabilities.of(predictor, ScoreKind.LOGITS, taken, train, indices);
      for (double[] row : rows) {
        Arrays.setAll(row, c -> Math.log(Math.max(row[c], Double.MIN_NORMAL)));
      }
      return rows;
    }
  }
}
