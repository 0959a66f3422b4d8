package org.distill4j.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.advice.Advice;
import org.distill4j.advice.CacheRule;
import org.distill4j.advice.CapacityRule;
import org.distill4j.advice.DistilFirstRule;
import org.distill4j.advice.ExpectedGainRule;
import org.distill4j.advice.FamilyRule;
import org.distill4j.advice.InputBoundRule;
import org.distill4j.advice.LabelQualityRule;
import org.distill4j.advice.LabelsBringMoreRule;
import org.distill4j.advice.LogitsRule;
import org.distill4j.advice.MeasuredGain;
import org.distill4j.advice.RuleOfThumb;
import org.distill4j.advice.TemperatureStartRule;
import org.distill4j.advice.TrainingHealthRule;
import org.distill4j.advice.TransferSetDivergence;
import org.distill4j.advice.TransferSetRule;
import org.distill4j.advice.UnfitTeacherRule;
import org.distill4j.advice.WeakTeacherRule;
import org.distill4j.advice.WorseThanAloneRule;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Metric;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.Epoch;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.DistillSettings;
import org.distill4j.recipe.LabelSource;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.results.Gate;
import org.distill4j.results.Results;
import org.distill4j.schedule.Schedule;
import org.distill4j.shapes.Cost;
import org.distill4j.step.Stage;
import org.distill4j.step.StageRecord;
import org.distill4j.step.TeacherFile;
import org.distill4j.step.TrainingResult;

/** Holds a recipe, and later what a run of it measured, against the rules of thumb. */
final class Advisor {
  /**
   * What a run measured.
   *
   * @param teacher the teacher's model
   * @param models what was found of each model
   * @param stages that trained or labelled
   * @param teaching how the student heard the teacher; empty if nobody taught
   * @param search what was tried on validation; empty if nothing was
   * @param student against each baseline, by the baseline's name
   */
  record Measured(
      Graph teacher,
      List<Results.Model> models,
      List<Stage> stages,
      Optional<TeacherSignal> teaching,
      Map<String, MeasuredGain> student,
      Optional<HyperparameterSearch> search) {
    Optional<Results.Model> model(String name) {
      return models.stream().filter(m -> m.name().equals(name)).findFirst();
    }
  }

  private final Recipe recipe;
  private final Splits data;
  private final Splits lessons;
  private final LabelledSubset labelled;
  private final Graph student;
  private final String rerun;
  private final Set<RuleOfThumb> held = EnumSet.noneOf(RuleOfThumb.class);
  private final Set<RuleOfThumb> overruled = EnumSet.noneOf(RuleOfThumb.class);
  private boolean trustsLabels = true;

  /**
   * @param student before it is trained
   * @param rerun the command that runs the recipe again, to which {@code --set} can be added
   */
  Advisor(Recipe recipe, Splits data, LabelledSubset labelled, Graph student, String rerun) {
    this.recipe = recipe;
    this.data = data;
    this.lessons = RecipeRunner.lessons(recipe, data);
    this.labelled = labelled;
    this.student = student;
    this.rerun = rerun;
  }

  /**
   * What can be said before anything is done.
   *
   * @param secondsPerPass how long the teacher takes to answer to all training examples
   */
  List<Results.Advice> beforehand(Graph teacher, double secondsPerPass) {
    List<Advice.Entry> entries = new ArrayList<>();
    entries.addAll(always());
    if (teaches()) {
      entries.add(
          new CapacityRule(
              Cost.of(teacher).parameters(), Cost.of(student).parameters(), Optional.empty()));
      entries.add(FamilyRule.of(student, Optional.empty()));
      entries.add(cache(secondsPerPass));
    }
    return told(entries);
  }

  /** What a whole run says. */
  List<Results.Advice> afterwards(Measured run) {
    List<Advice.Entry> entries = new ArrayList<>();
    entries.addAll(always());
    Optional<MeasuredGain> gain = Optional.ofNullable(run.student().get(Baseline.ALONE.model()));
    run.teaching()
        .filter(heard -> hasOneClass())
        .ifPresent(heard -> entries.addAll(ofTheTeacher(run, heard, gain)));
    if (teaches()) {
      gain.ifPresent(g -> entries.add(new WorseThanAloneRule(g, trustsLabels)));
      Optional.ofNullable(run.student().get(Baseline.ALL_LABELS.model()))
          .map(MeasuredGain::reversed)
          .ifPresent(
              g -> entries.add(new LabelsBringMoreRule(g, labelled.size() - labelled.count())));
      if (data.task() != TaskType.REGRESSION) {
        entries.addAll(ofTheStudent(run, gain));
      }
    }
    if (recipe.teacher().file().isEmpty()) {
      entries.add(LogitsRule.of(ModelNames.TEACHER, run.teacher()));
    }
    run.search().ifPresent(s -> entries.add(s.edge()));
    run.stages().stream()
        .map(Stage::record)
        .filter(s -> asked(s).isPresent())
        .findFirst()
        .ifPresent(s -> entries.add(cache(asked(s).get() / s.epochs().size())));
    if (teaches() && recipe.distill().labels().files() > 0) {
      entries.add(cache(0)); // asked once about each view
    }
    for (Stage stage : run.stages()) {
      speed(stage.record())
          .ifPresent(
              speed ->
                  entries.add(
                      new InputBoundRule(
                          stage.name(), speed.waited(), speed.steps(), speed.slowest())));
      entries.add(health(stage));
    }
    return told(entries);
  }

  private static TrainingHealthRule health(Stage stage) {
    List<Epoch> epochs = stage.record().epochs();
    double loss = epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).trainLoss();
    return new TrainingHealthRule(stage.name(), stage.record().health(), loss);
  }

  private static Optional<TrainingResult.Speed> speed(StageRecord stage) {
    return stage.training().flatMap(found -> Optional.ofNullable(found.speed()));
  }

  /** Seconds in which a live teacher answered. */
  private static Optional<Double> asked(StageRecord stage) {
    return speed(stage).flatMap(TrainingResult.Speed::asked);
  }

  private CacheRule cache(double secondsPerPass) {
    boolean isLive = recipe.distill().labels() instanceof LabelSource.Online;
    return new CacheRule(
        isLive ? recipe.student().train().epochs() : 1,
        !recipe.student().augment().isEmpty(),
        secondsPerPass);
  }

  /** Many rules speak of the one class that an example has. */
  private boolean hasOneClass() {
    return data.task() == TaskType.SINGLE_LABEL;
  }

  private boolean teaches() {
    return recipe.distill().objective().needsTeacher();
  }

  private List<Advice.Entry> always() {
    List<Advice.Entry> entries = new ArrayList<>();
    if (teaches() && hasOneClass()) {
      Schedule temperature = recipe.distill().temperature();
      entries.add(
          new TemperatureStartRule(
              temperature.at(0), recipe.search().isPresent() || !temperature.isConstant()));
      entries.add(
          new TransferSetRule(
              TransferSetDivergence.of(data.validation().data(), lessons.train().data()),
              recipe.advice().transferSet().limits(),
              again()));
    }
    if (recipe.teacher().file().isPresent()) {
      entries.add(LogitsRule.of(ModelNames.TEACHER, TeacherFile.read(recipe.teacher()).graph()));
    }
    return entries;
  }

  /** What labels a fuller transfer set: nothing omitted, else other data. */
  private String again() {
    return recipe.student().omit().isEmpty()
        ? rerun + " --set data=DATA-LIKE-THE-VALIDATION-SET"
        : rerun + " --set student.omit=";
  }

  private List<Advice.Entry> ofTheTeacher(
      Measured run, TeacherSignal heard, Optional<MeasuredGain> gain) {
    TeacherProbe probe =
        TeacherProbe.of(run.teacher(), data.validation().data(), recipe.threadsHere());
    DistillSettings distill = recipe.distill();
    double hardShare = share(distill.hard(), distill.soft(), 1);
    List<Advice.Entry> entries = new ArrayList<>();
    recipe
        .teacher()
        .expected(lessons.train().data().name())
        .ifPresent(
            e ->
                entries.add(
                    new WeakTeacherRule(probe.evaluation().accuracy(), probe.evaluation().n(), e)));
    entries.add(
        new UnfitTeacherRule(
            run.stages().stream()
                .filter(s -> s.name().equals(ModelNames.TEACHER))
                .flatMap(s -> s.record().epochs().stream())
                .toList(),
            probe.flipRate(),
            probe.evaluation().calibration().error(),
            run.search().isPresent()));
    LabelQualityRule labels =
        new LabelQualityRule(
            Math.max(hardShare, share(distill.hard(), distill.soft(), 0)),
            probe.surelyOtherwise(),
            TeacherProbe.imbalance(lessons.train().data()),
            (double) labelled.count() / labelled.size(),
            gain);
    DistilFirstRule order =
        new DistilFirstRule(
            TeacherProbe.contradicted(
                heard, run.teacher(), lessons.train().data(), labelled, recipe.threadsHere()),
            1 - hardShare,
            distill.hard().isConstant() && distill.soft().isConstant(),
            gain);
    entries.add(labels);
    entries.add(order);
    overrule(entries, labels, order);
    return entries;
  }

  /**
   * Advice never pulls one weight two ways: with a weak teacher no weights help; labels in doubt
   * are not given more weight late; labels that a teacher contradicts are not called clean.
   */
  private void overrule(
      List<Advice.Entry> entries, LabelQualityRule labels, DistilFirstRule order) {
    trustsLabels = !labels.isDoubtful();
    boolean weak =
        entries.stream()
            .anyMatch(e -> e.rule() == RuleOfThumb.WEAK_TEACHER && e.advice().isPresent());
    if (weak || (labels.isDoubtful() && labels.advice().isPresent())) {
      overruled.add(RuleOfThumb.DISTIL_FIRST);
    }
    if (weak || (!labels.isDoubtful() && order.advice().isPresent())) {
      overruled.add(RuleOfThumb.LABEL_QUALITY);
    }
  }

  /** What another rule speaks against is told only where the recipe demands the rule. */
  private boolean isTold(RuleOfThumb rule) {
    return !overruled.contains(rule) || recipe.advice().gate().contains(rule);
  }

  /** How much of the weight the labels have at one moment, 0 to 1. */
  private static double share(Schedule hard, Schedule soft, double u) {
    double both = hard.at(u) + soft.at(u);
    return both == 0 ? 0 : hard.at(u) / both;
  }

  private List<Advice.Entry> ofTheStudent(Measured run, Optional<MeasuredGain> gain) {
    List<Advice.Entry> entries = new ArrayList<>();
    Optional<Results.Model> big = run.model(ModelNames.TEACHER);
    Optional<Results.Model> small = run.model(ModelNames.STUDENT);
    if (big.isPresent() && small.isPresent()) {
      Metric metric = Metric.suiting(lessons.train().data());
      double kept = measure(metric, small.get()) / measure(metric, big.get());
      entries.add(new CapacityRule(big.get().parameters(), small.get().parameters(), gain));
      entries.add(FamilyRule.of(student, Optional.of(kept)));
      entries.add(
          new ExpectedGainRule(
              (double) small.get().parameters() / big.get().parameters(),
              (double) small.get().macs() / big.get().macs(),
              speedUp(big.get(), small.get()),
              kept,
              metric.title()));
    }
    return entries;
  }

  private static double measure(Metric metric, Results.Model model) {
    Double found =
        switch (metric) {
          case AVERAGE_PRECISION -> model.metrics().averagePrecision();
          case BALANCED_ACCURACY -> model.metrics().balancedAccuracy();
          default -> model.metrics().accuracy();
        };
    return found == null ? model.metrics().accuracy() : found;
  }

  private static double speedUp(Results.Model big, Results.Model small) {
    return big.latency() == null || small.latency() == null
        ? Double.NaN
        : big.latency().p50Ms() / small.latency().p50Ms();
  }

  private List<Results.Advice> told(List<Advice.Entry> entries) {
    List<Results.Advice> told = new ArrayList<>();
    for (Advice.Entry entry : entries) {
      held.add(entry.rule());
      entry
          .advice()
          .filter(a -> isTold(a.rule()))
          .ifPresent(
              a ->
                  told.add(
                      new Results.Advice(
                          a.rule().id(),
                          a.value(),
                          a.rule().says(),
                          a.says(),
                          recipe.advice().waive().get(a.rule()))));
    }
    return told;
  }

  /** The rules that the recipe demands; what was not measured is not kept. */
  List<Gate.Rule> demanded(List<Results.Advice> advice) {
    List<Gate.Rule> rules = new ArrayList<>();
    for (RuleOfThumb rule : recipe.advice().gate()) {
      Optional<Results.Advice> broken =
          advice.stream().filter(a -> a.id().equals(rule.id())).findFirst();
      rules.add(
          new Gate.Rule(
              "advice " + rule.id(),
              rule.split(),
              broken.map(Results.Advice::value).orElse(null),
              broken.isEmpty() && held.contains(rule),
              broken
                  .map(Results.Advice::says)
                  .orElse(held.contains(rule) ? null : "was not measured in this run")));
    }
    return rules;
  }
}
