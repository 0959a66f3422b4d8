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
import org.distill4j.step.PruneStage;
import org.distill4j.step.QuantizeStage;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.Stage;
import org.distill4j.step.StudentSpec;
import org.distill4j.step.StudentStage;
import org.distill4j.step.TeacherStage;

/**
 * The chain of models that a run makes before the gate: for each seed a teacher and its labels, the
 * students that learn from them, and what becomes of the distilled one.
 */
final class ModelChain {
  private final RunEnvironment run;
  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, List<Stage>> models = new LinkedHashMap<>();
  private final List<Optional<TeacherSignal>> teachings = new ArrayList<>(); // one, or one a seed
  private Optional<HyperparameterSearch> search = Optional.empty();

  private ModelChain(RunEnvironment run) {
    this.run = run;
  }

  /** Makes everything, or goes on where an earlier run was cut off. */
  static ModelChain of(RunEnvironment run) {
    ModelChain chain = new ModelChain(run);
    for (RunEnvironment own : run.seeds()) {
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
  ModelChain again(RunEnvironment attempt) {
    ModelChain chain = new ModelChain(attempt);
    chain.stages.addAll(stages);
    chain.teachings.addAll(teachings);
    chain.models.put(ModelNames.TEACHER, models.get(ModelNames.TEACHER));
    int k = 0;
    for (RunEnvironment own : attempt.seeds()) {
      chain.students(own, teachings.get(Math.min(k++, teachings.size() - 1)));
    }
    return chain;
  }

  private void students(RunEnvironment own, Optional<TeacherSignal> teaching) {
    boolean isFirst = own.seed() == run.recipe().seed();
    if (isFirst && run.recipe().search().isPresent()) {
      search =
          Optional.of(
              HyperparameterSearch.run(
                  own, run.recipe().search().get(), teaching.orElseThrow(), this::heard));
    }
    RunEnvironment told = chosen(own);
    for (StudentSpec lesson : StudentSpec.of(told, teaching)) {
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
      integers(told, ModelNames.INT8, teaching, last);
    }
  }

  /** Writes what ships in other forms, if the recipe asks for any; once it is found sound. */
  void export() {
    if (run.recipe().export().isPresent()) {
      List<SeededModels> all = models();
      Stage last = all.get(all.size() - 1).first();
      Stage teacher = models.get(ModelNames.TEACHER).get(0);
      heard(ExportStage.run(run, run.recipe().export().get(), last, teacher));
    }
  }

  private Stage integers(
      RunEnvironment told, String name, Optional<TeacherSignal> teaching, Stage student) {
    QuantizeSettings settings = run.recipe().quantize().orElseThrow();
    Stage made = heard(new QuantizeStage(told, name, settings, teaching, student).run());
    add(name, made);
    return made;
  }

  /** What a trial was already is not trained again. */
  private Stage student(RunEnvironment told, StudentSpec lesson) {
    boolean isBest = search.isPresent() && lesson.teaching().isPresent();
    return isBest && told.seed() == told.recipe().seed()
        ? StudentStage.copied(told, lesson, search.get().best().stage())
        : StudentStage.run(told, lesson);
  }

  private Optional<TeacherSignal> teaching(RunEnvironment own, Stage teacher) {
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

  private RunEnvironment chosen(RunEnvironment own) {
    return search.map(s -> own.distill(s.best().trial().distill())).orElse(own);
  }

  /** The run whose student minimises what the search chose. */
  RunEnvironment chosen() {
    return chosen(run);
  }

  /** The same models, beside all that was tried. */
  ModelChain with(List<Stage> all) {
    ModelChain chain = new ModelChain(run);
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
  List<SeededModels> models() {
    return models.entrySet().stream().map(e -> new SeededModels(e.getKey(), e.getValue())).toList();
  }

  /** How the students of the first seed hear their teacher. */
  Optional<TeacherSignal> teaching() {
    return teachings.get(0);
  }

  Optional<HyperparameterSearch> search() {
    return search;
  }
}
