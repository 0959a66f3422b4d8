package org.distill4j.recipe;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.source.DataSettings;
import org.distill4j.format.FormSettings;
import org.distill4j.graph.TaskType;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.schedule.Confidence;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.Schedule;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.views.Views;

/**
 * A recipe: everything that a run's result depends on.
 *
 * @param name names the run's folder: letters, digits, '.', '_' and '-', at most 64
 * @param seed of initial weights, order, and which labels the student sees
 * @param seeds how many seeds, from {@code seed} on
 * @param threads for labelling and training; 0 takes all processors
 * @param data the examples
 * @param teacher who teaches
 * @param student who learns
 * @param distill what the student minimises
 * @param search which temperatures and soft weights are tried on validation
 * @param prune how the student loses channels, if it does
 * @param quantize how the student becomes one of 8-bit integers, if it does
 * @param export in what forms the last student is written
 * @param target the machine the student is for
 * @param advice what the rules of thumb may say, and which of them must be kept
 * @param gate what the run must reach, if anything
 * @param baselines students taught by labels alone, each at most once
 */
@Describe("a run of Distill4j, from data and teacher to the distilled student")
public record Recipe(
    @Describe("names the run's folder: letters, digits, '.', '_', '-'") String name,
    @Default("1") @Describe("of initial weights, order, and which labels the student sees")
        long seed,
    @Default("1") @Describe("how many seeds: so many students of one teacher, or whole chains")
        SeedSettings seeds,
    @Default("0") @Describe("for labelling and training; 0 = all processors") int threads,
    @Describe("the examples") DataSettings data,
    @Describe("who teaches") TeacherSettings teacher,
    @Describe("who learns") StudentSettings student,
    @Default("{}") @Describe("what the student minimises") DistillSettings distill,
    @Describe("values of T and soft to try on validation; if absent, nothing is searched")
        Optional<SearchSettings> search,
    @Describe("takes channels out of the student; if absent, it keeps its own")
        Optional<PruneSettings> prune,
    @Describe("makes the student one of 8-bit integers; if absent, it stays float")
        Optional<QuantizeSettings> quantize,
    @Describe("forms of the last student for other runtimes; if absent, it is ONNX alone")
        Optional<FormSettings> export,
    @Default("here")
        @Describe("the machine the student is for; for another one no time is measured")
        TargetMachine target,
    @Default("{}") @Describe("which rules of thumb need not or must be kept") AdviceSettings advice,
    @Describe("what the run must reach: else exit code 3; if absent, it reaches what it reaches")
        Optional<GateSettings> gate,
    @Default("[alone, all-labels]") @Describe("the same student taught by labels alone, to compare")
        List<Baseline> baselines) {
  /** Checks the bounds, and that the parts fit together. */
  public Recipe {
    baselines = List.copyOf(baselines);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "name: '" + name + "' (expected: 1 to 64 letters, digits, '.', '_', '-')");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1, or 0 for all)");
    }
    if (baselines.size() != setOf(baselines).size()) {
      throw new IllegalArgumentException("baselines: one given twice (expected: each once)");
    }
    search.ifPresent(s -> checkSearch(s, distill, student));
    quantize.ifPresent(q -> q.prefer().check("quantize.prefer", target));
    requireTask(data.columns().taskOrUsual(), data, distill);
    if (data.columns().taskOrUsual() == TaskType.REGRESSION) {
      requireNoSteps(search, quantize);
    }
    if (student.labelled().orElse(1L) == 0 && distill.hard().most() > 0) {
      throw new IllegalArgumentException(
          "student.labelled: 0 (expected: >= 1, or distill.hard: 0 to learn from the teacher"
              + " alone)");
    }
    if (student.labelled().orElse(1L) == 0 && baselines.contains(Baseline.ALONE)) {
      throw new IllegalArgumentException(
          "baselines, student.labelled: alone, 0 (expected: labels, or no baseline 'alone')");
    }
    if (baselines.contains(Baseline.ALONE_INT8)
        && !(baselines.contains(Baseline.ALONE) && quantize.isPresent())) {
      throw new IllegalArgumentException(
          "baselines: alone-int8 (expected: 'alone' beside it, and quantize in the recipe)");
    }
    if (distill.soft().most() > 0) {
      distill.labels().check(new Views(student.augment(), 0, 0));
    }
    new GateCheck(
            data,
            student,
            distill,
            search,
            target,
            baselines,
            models(baselines, student, prune, quantize))
        .check(advice, gate);
    List<OnFail.Attempt> attempts =
        gate.flatMap(GateSettings::onFail).map(OnFail::with).orElse(List.of());
    for (int i = 0; i < attempts.size(); i++) {
      OnFail.Attempt attempt = attempts.get(i);
      try {
        new Recipe(
            name,
            seed,
            seeds,
            threads,
            data,
            teacher,
            attempt.of(student),
            attempt.of(distill),
            attempt.of(search),
            prune,
            quantize,
            export,
            target,
            advice,
            gate.map(GateSettings::once),
            baselines);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("gate.on-fail.with." + i + ": " + e.getMessage(), e);
      }
    }
  }

  private static void checkSearch(
      SearchSettings search, DistillSettings distill, StudentSettings student) {
    if (!distill.objective().needsTeacher()) {
      throw new IllegalArgumentException(
          "search, distill.soft: given, 0 (expected: a soft weight > 0; without a teacher there is"
              + " nothing to search)");
    }
    if ((!search.temperature().isEmpty() && !distill.temperature().isConstant())
        || (!search.soft().isEmpty()
            && !(distill.soft().isConstant() && distill.hard().isConstant()))) {
      throw new IllegalArgumentException(
          "search, distill: values of a weight or temperature that moves over the run (expected: a"
              + " constant one)");
    }
    boolean needsLabels = search.soft().stream().anyMatch(s -> s < 1);
    if (needsLabels && student.labelled().orElse(1L) == 0) {
      throw new IllegalArgumentException(
          "search.soft, student.labelled: "
              + search.soft()
              + ", 0 (expected: labels, for the hard weight that is left)");
    }
  }

  /** The same recipe whose student minimises something else. */
  public Recipe distill(DistillSettings other) {
    return with(student, other, search, gate);
  }

  /** The same recipe as one attempt of the gate changes it; nothing further is tried. */
  public Recipe with(OnFail.Attempt attempt) {
    return with(
        attempt.of(student), attempt.of(distill), attempt.of(search), gate.map(GateSettings::once));
  }

  private Recipe with(
      StudentSettings learner,
      DistillSettings lesson,
      Optional<SearchSettings> tried,
      Optional<GateSettings> held) {
    return new Recipe(
        name, seed, seeds, threads, data, teacher, learner, lesson, tried, prune, quantize, export,
        target, advice, held, baselines);
  }

  /** The names of the models that a run of it makes, as results call them; the last one ships. */
  public List<String> models() {
    return models(baselines, student, prune, quantize);
  }

  private static List<String> models(
      List<Baseline> baselines,
      StudentSettings student,
      Optional<PruneSettings> prune,
      Optional<QuantizeSettings> quantize) {
    List<String> models = new ArrayList<>(List.of(ModelNames.TEACHER));
    baselines.forEach(b -> models.add(b.model()));
    models.add(ModelNames.STUDENT);
    if (student.correctBias()) {
      models.add(ModelNames.CORRECTED);
    }
    prune.ifPresent(p -> models.add(ModelNames.PRUNED));
    quantize.ifPresent(q -> models.add(ModelNames.INT8));
    return models;
  }

  /** What belongs to one class of several has no meaning for another task. */
  private static void requireTask(TaskType task, DataSettings data, DistillSettings distill) {
    Schedule softness = distill.temperature();
    if (task != TaskType.SINGLE_LABEL && softness instanceof Confidence) {
      throw new IllegalArgumentException(
          "distill.temperature: %s (expected: another one, as data.task %s has no top class)"
              .formatted(softness.says(), task.spelling()));
    }
    if (task != TaskType.REGRESSION) {
      return;
    }
    if (!softness.equals(new Constant(1))
        && !softness.equals(new Constant(DistillSettings.USUAL_TEMPERATURE))) {
      throw new IllegalArgumentException(
          "distill.temperature: %s (expected: absent, as data.task regression learns by squared distance, which has no temperature)"
              .formatted(softness.says()));
    }
    if (data.sampling().classWeights().isPresent()) {
      throw new IllegalArgumentException(
          "data.class-weights: given (expected: absent, as data.task regression has no classes)");
    }
  }

  /** A regression has no temperature to search, and no classes that integers are judged by. */
  private static void requireNoSteps(
      Optional<SearchSettings> search, Optional<QuantizeSettings> quantize) {
    if (search.filter(s -> !s.temperature().isEmpty()).isPresent()) {
      throw new IllegalArgumentException(
          "search.temperature: given (expected: absent, as data.task regression has no"
              + " temperature)");
    }
    if (quantize.isPresent()) {
      throw new IllegalArgumentException(
          "quantize: given (expected: absent, as data.task regression has no classes to choose"
              + " ranges by)");
    }
  }

  private static EnumSet<Baseline> setOf(List<Baseline> baselines) {
    EnumSet<Baseline> set = EnumSet.noneOf(Baseline.class);
    set.addAll(baselines);
    return set;
  }

  /** The threads to use on this machine, at least 1. */
  public int threadsHere() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}
