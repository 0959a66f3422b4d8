package org.distill4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.advice.MeasuredGain;
import org.distill4j.data.Dataset;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Estimate;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.eval.PairedErrors;
import org.distill4j.eval.PooledComparison;
import org.distill4j.gate.GateEvaluator;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Latency;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.Limit;
import org.distill4j.recipe.ModelNames;
import org.distill4j.report.HtmlReport;
import org.distill4j.results.Gate;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;
import org.distill4j.shapes.Cost;
import org.distill4j.step.ExportStage;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.RunFolder;
import org.distill4j.step.Stage;
import org.distill4j.step.StudentStage;

/**
 * The evaluation of a run: every model is evaluated once on the test set, in the runtime that will
 * run it, and compared with the distilled student example by example.
 */
final class RunEvaluation {
  private static final int LATENCY_BATCH = 1;
  private static final int LATENCY_THREADS = 1;

  private final ModelChain chain;
  private final RunEnvironment run;
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
    this.chain = chain;
    this.run = chain.chosen();
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
            String.format(
                Locale.ROOT,
                "%d models on %,d test examples, in %s",
                models.size(),
                run.data().test().data().size(),
                new OnnxRuntime().name()));
    if (last(models).fault() == null) {
      chain.export();
    }
    run.folder().setOthersAside(run::says);
    Advisor advisor = advisor();
    Results results = results(models, advisor, advice(models, advisor), startNanos);
    HtmlReport.write(
        run.folder().file(RunFolder.REPORT),
        new ReportContents(run, made, teaching, graphs, evaluations).of(results));
    results.write(run.folder().file(RunFolder.RESULTS)); // last: where it is, the run is whole
    return results;
  }

  private static Results.Model last(List<Results.Model> models) {
    return models.get(models.size() - 1);
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
    Graph graph = graphs.get(model.model());
    Cost cost = Cost.of(graph);
    return new Results.Model(
        model.model(),
        file(model.first()),
        cost.parameters(),
        cost.macs(),
        bytes(model.first()),
        Metrics.of(seeds),
        latency,
        seeds.size() == 1 ? null : ofSeeds(model, seeds),
        model.first().record().parity(),
        fault(model, graph, seeds));
  }

  /** Null if nothing is wrong; what the student became is no sounder than the student was. */
  private String fault(SeededModels model, Graph graph, List<Evaluation> seeds) {
    Optional<String> fault = Yardstick.fault(graph, seeds);
    Graph student = graphs.get(ModelNames.STUDENT);
    List<String> order = List.copyOf(graphs.keySet());
    if (order.indexOf(model.model()) >= order.indexOf(ModelNames.STUDENT)) {
      fault =
          fault
              .or(() -> Yardstick.ofWeights(student, run.data().task()))
              .or(
                  () ->
                      run.recipe().student().file().isPresent()
                          ? Optional.empty()
                          : Yardstick.ofTraining(StudentStage.start(run), student));
    }
    fault.ifPresent(f -> run.says(model.model() + ": " + f));
    Yardstick.ofOthers(seeds, run.recipe().seed()).forEach(f -> run.says(model.model() + ", " + f));
    return fault.orElse(null);
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
        student.put(baseline.model(), gain(baseline.model()));
      }
    }
    return advisor.afterwards(
        new Advisor.Measured(
            graphs.get(ModelNames.TEACHER), models, chain.stages(), teaching, student, search));
  }

  /** By accuracy; of two uneven classes by the area under the curve, of numbers by their errors. */
  private MeasuredGain gain(String baseline) {
    List<Evaluation> own = evaluations.get(ModelNames.STUDENT);
    List<Evaluation> others = evaluations.get(baseline);
    if (Metric.suiting(run.lessons().train().data()) == Metric.AVERAGE_PRECISION) {
      Optional<Estimate> area = Metric.aucAhead(own, others);
      if (area.isPresent()) {
        boolean certain = area.get().low() > 0 || area.get().high() < 0;
        return new MeasuredGain(area.get().value(), certain, area.get().n(), false, true);
      }
    }
    Results.Comparison c = comparison(ModelNames.STUDENT, baseline);
    boolean ofErrors = run.data().task() == TaskType.REGRESSION; // fewer are better
    return new MeasuredGain(ofErrors ? -c.delta() : c.delta(), c.isCertain(), c.n(), ofErrors);
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

  /** Null if the recipe demands nothing and what ships is sound. */
  private Gate gate(List<Gate.Rule> demanded, Results.Model ships) {
    List<Limit> limits = run.recipe().gate().map(GateSettings::limits).orElse(List.of());
    List<Gate.Rule> rules = new ArrayList<>();
    if (ships.fault() != null) {
      rules.add(
          Yardstick.broken(
              ships.name(), run.data().test().purpose(), ships.metrics().n(), ships.fault()));
    }
    rules.addAll(demanded);
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
        chain.stages().stream()
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
        gate(advisor.demanded(advice), last(models)),
        search.map(HyperparameterSearch::results).orElse(null),
        ExportStage.results(chain.stages()));
  }

  /** The figures that a number can be written for. */
  private static Map<String, Double> measured(Stage stage) {
    Map<String, Double> finite = new LinkedHashMap<>(stage.record().figures());
    finite.values().removeIf(figure -> !Double.isFinite(figure));
    return finite;
  }
}
