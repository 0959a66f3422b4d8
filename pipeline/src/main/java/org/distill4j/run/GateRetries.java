package org.distill4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.Estimate;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.gate.GateEvaluator;
import org.distill4j.gate.Verdict;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.OnFail;
import org.distill4j.results.Gate;
import org.distill4j.settings.StepKey;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.RunFolder;
import org.distill4j.step.Stage;
import org.distill4j.step.StageKind;
import org.distill4j.step.StepResult;

/**
 * The retries of a gate: what was tried because validation told that a limit is not kept. The
 * recipe itself first, then its changes in order, until one keeps all. If none does, the one that
 * is a result at all is taken, of these the one that breaks fewest limits, of these the one that
 * does best on validation, of these the first.
 */
final class GateRetries {
  /** What the recipe itself is called among the attempts. */
  private static final String OWN = "recipe";

  private static final String STAGE = "verdict";

  /** One of them. */
  record Tried(String name, String changes, ModelChain chain, Verdict verdict) {}

  private final GateSettings gate;
  private final List<Tried> tried = new ArrayList<>();

  private GateRetries(GateSettings gate) {
    this.gate = gate;
  }

  /**
   * Tries, or goes on where an earlier run was cut off.
   *
   * @param first what the recipe itself made
   */
  static GateRetries of(RunEnvironment run, GateSettings gate, OnFail onFail, ModelChain first) {
    GateRetries attempts = new GateRetries(gate);
    attempts.add(OWN, null, run, first);
    List<RunEnvironment> others = contexts(run, onFail);
    for (int i = 0; i < others.size() && !attempts.last().verdict().passed(); i++) {
      RunEnvironment other = others.get(i);
      String changes = onFail.with().get(i).says();
      run.says(name(i) + ": " + changes);
      attempts.add(name(i), changes, other, attempts.last().chain().again(other));
    }
    run.says("on validation: " + attempts.chosen().name() + " is taken");
    return attempts;
  }

  /** What each attempt runs in. */
  static List<RunEnvironment> contexts(RunEnvironment run, OnFail onFail) {
    return IntStream.range(0, onFail.with().size())
        .mapToObj(i -> run.attempt(name(i), run.recipe().with(onFail.with().get(i))))
        .toList();
  }

  private static String name(int attempt) {
    return "attempt-" + (attempt + 1);
  }

  private Tried last() {
    return tried.get(tried.size() - 1);
  }

  private void add(String name, String changes, RunEnvironment run, ModelChain chain) {
    List<SeededModels> models = chain.models();
    Map<String, List<String>> digests = new LinkedHashMap<>();
    models.forEach(m -> digests.put(m.model(), m.stages().stream().map(Stage::sha256).toList()));
    StepKey key =
        StageKind.VERDICT
            .key()
            .from("models", digests)
            .from("validation", run.data().validation().data().sha256())
            .with("limits", gate.limits());
    Stage stage =
        chain.heard(
            run.stage(
                STAGE,
                "verdict.json",
                key,
                target -> {
                  judge(run, models).write(target);
                  return new RunFolder.Made(StepResult.NOTHING);
                }));
    Verdict verdict = Verdict.read(stage.artefact());
    for (Gate.Rule rule : verdict.rules()) {
      run.says((rule.passed() ? "kept on validation: " : "NOT kept on validation: ") + rule.says());
    }
    tried.add(new Tried(name, changes, chain, verdict));
  }

  private Verdict judge(RunEnvironment run, List<SeededModels> models) {
    ValidationSet split = run.data().validation();
    Map<String, List<Evaluation>> evaluations = new LinkedHashMap<>();
    Map<String, Path> files = new LinkedHashMap<>();
    for (SeededModels model : models) {
      files.put(model.model(), model.first().artefact());
      evaluations.put(
          model.model(),
          model.stages().stream()
              .map(s -> run.evaluation(OnnxReader.read(s.artefact()), split))
              .toList());
    }
    String last = models.get(models.size() - 1).model();
    Metric metric = Metric.suiting(run.data().train().data());
    double value = metric.of(evaluations.get(last)).map(Estimate::value).orElse(0.0);
    List<Gate.Rule> rules = new ArrayList<>();
    Yardstick.fault(OnnxReader.read(files.get(last)), evaluations.get(last))
        .ifPresent(
            fault ->
                rules.add(
                    Yardstick.broken(last, split.purpose(), (int) split.data().size(), fault)));
    rules.addAll(new GateEvaluator(split, evaluations, files, last).rules(gate.limits()));
    return new Verdict(metric.lessIsBetter() ? -value : value, rules);
  }

  private Tried chosen() {
    return chosen(tried);
  }

  /** Soundness first: what is no result keeps no limit that matters. */
  static Tried chosen(List<Tried> tried) {
    return tried.stream()
        .min(
            Comparator.comparing((Tried t) -> t.verdict().rules().stream().anyMatch(Yardstick::is))
                .thenComparingInt(t -> t.verdict().broken())
                .thenComparingDouble(t -> -t.verdict().score()))
        .orElseThrow();
  }

  /** The one that the verdict is about, with all stages that were run. */
  ModelChain taken() {
    return chosen().chain().with(last().chain().stages());
  }

  /** What results tell of them. */
  List<Gate.Attempt> results() {
    Tried chosen = chosen();
    return tried.stream()
        .map(
            t ->
                new Gate.Attempt(
                    t.name(),
                    t.changes(),
                    t.verdict().passed(),
                    t.name().equals(chosen.name()),
                    t.verdict().rules()))
        .toList();
  }
}
