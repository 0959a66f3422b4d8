package org.distill4j.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.ModelNames;
import org.distill4j.step.CorrectionStage;
import org.distill4j.step.ExportStage;
import org.distill4j.step.LabelStage;
import org.distill4j.step.Lesson;
import org.distill4j.step.PruneStage;
import org.distill4j.step.QuantizeStage;
import org.distill4j.step.RunContext;
import org.distill4j.step.Stage;
import org.distill4j.step.StudentStage;
import org.distill4j.step.TeacherStage;

/**
 * What a run makes before it is judged: for each seed a teacher's lessons, the students that heard
 * them, and what becomes of the distilled one.
 */
final class Chain {
  private final RunContext run;
  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, List<Stage>> models = new LinkedHashMap<>();
  private final List<Optional<TeacherSignal>> teachings = new ArrayList<>(); // one, or one a seed
  private Optional<Search> search = Optional.empty();

  private Chain(RunContext run) {
    this.run = run;
  }

  /** Makes everything, or goes on where an earlier run was cut off. */
  static Chain of(RunContext run) {
    Chain chain = new Chain(run);
    for (RunContext own : run.seeds()) {
      if (chain.teachings.isEmpty() || run.recipe().seeds().areChains()) {
        Stage teacher = chain.heard(TeacherStage.run(own));
        chain.add(ModelNames.TEACHER, teacher);
        chain.teachings.add(chain.teaching(own, teacher));
      }
      chain.students(own, chain.teachings.get(chain.teachings.size() - 1));
    }
    return chain;
  }

  /** The same teachers' other students. */
  Chain again(RunContext attempt) {
    Chain chain = new Chain(attempt);
    chain.stages.addAll(stages);
    chain.teachings.addAll(teachings);
    chain.models.put(ModelNames.TEACHER, models.get(ModelNames.TEACHER));
    int k = 0;
    for (RunContext own : attempt.seeds()) {
      chain.students(own, teachings.get(Math.min(k++, teachings.size() - 1)));
    }
    return chain;
  }

  private void students(RunContext own, Optional<TeacherSignal> teaching) {
    boolean isFirst = own.seed() == run.recipe().seed();
    if (isFirst && run.recipe().search().isPresent()) {
      search =
          Optional.of(
              Search.run(own, run.recipe().search().get(), teaching.orElseThrow(), this::heard));
    }
    RunContext told = chosen(own);
    for (Lesson lesson : Lesson.of(told, teaching)) {
      Stage student = heard(student(told, lesson));
      add(lesson.student(), student);
      if (lesson.student().equals(Baseline.ALONE.model())
          && run.recipe().baselines().contains(Baseline.ALONE_INT8)) {
        integers(told, Baseline.ALONE_INT8.model(), Optional.empty(), student);
      }
    }
    Stage last = stages.get(stages.size() - 1);
    if (run.recipe().student().correctBias()) {
      last = heard(CorrectionStage.run(own, last));
      add(ModelNames.CORRECTED, last);
    }
    if (run.recipe().prune().isPresent()) {
      PruneStage prune = new PruneStage(told, run.recipe().prune().get(), teaching, last);
      last = prune.run(this::heard);
      add(ModelNames.PRUNED, last);
    }
    if (run.recipe().quantize().isPresent()) {
      last = integers(told, ModelNames.INT8, teaching, last);
    }
    if (isFirst && run.recipe().export().isPresent()) {
      Stage teacher = models.get(ModelNames.TEACHER).get(0);
      heard(ExportStage.run(own, run.recipe().export().get(), last, teacher));
    }
  }

  private Stage integers(
      RunContext told, String name, Optional<TeacherSignal> teaching, Stage student) {
    QuantizeSettings settings = run.recipe().quantize().orElseThrow();
    Stage made = heard(new QuantizeStage(told, name, settings, teaching, student).run());
    add(name, made);
    return made;
  }

  /** What a trial was already is not trained again. */
  private Stage student(RunContext told, Lesson lesson) {
    boolean isBest = search.isPresent() && lesson.teaching().isPresent();
    return isBest && told.seed() == told.recipe().seed()
        ? StudentStage.copied(told, lesson, search.get().best().stage())
        : StudentStage.run(told, lesson);
  }

  private Optional<TeacherSignal> teaching(RunContext own, Stage teacher) {
    if (!own.recipe().distill().objective().needsTeacher()) {
      return Optional.empty();
    }
    LabelStage labels = new LabelStage(own, teacher);
    List<Stage> files = labels.run();
    files.forEach(this::heard);
    return Optional.of(labels.open(files));
  }

  private void add(String model, Stage stage) {
    models.computeIfAbsent(model, m -> new ArrayList<>()).add(stage);
  }

  /** Takes note of a stage that is done. */
  Stage heard(Stage stage) {
    stages.add(stage);
    if (stage.reused()) {
      run.says(stage.name() + ": taken as it is from an earlier run");
    }
    return stage;
  }

  private RunContext chosen(RunContext own) {
    return search.map(s -> own.distill(s.best().trial().distill())).orElse(own);
  }

  /** The run whose student minimises what the search chose. */
  RunContext chosen() {
    return chosen(run);
  }

  /** The same models, beside all that was tried. */
  Chain with(List<Stage> all) {
    Chain chain = new Chain(run);
    chain.stages.addAll(all);
    chain.models.putAll(models);
    chain.teachings.addAll(teachings);
    chain.search = search;
    return chain;
  }

  /** In the order they ran. */
  List<Stage> stages() {
    return List.copyOf(stages);
  }

  /** In the order to show them. */
  List<Seeded> models() {
    return models.entrySet().stream().map(e -> new Seeded(e.getKey(), e.getValue())).toList();
  }

  /** How the students of the first seed hear their teacher. */
  Optional<TeacherSignal> teaching() {
    return teachings.get(0);
  }

  Optional<Search> search() {
    return search;
  }
}
