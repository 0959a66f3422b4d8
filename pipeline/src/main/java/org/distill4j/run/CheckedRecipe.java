package org.distill4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.ValidationSet;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.Trainer;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.GateCheck;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.OnFail;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.StudentSettings;
import org.distill4j.recipe.TeacherSettings;
import org.distill4j.step.ExportStage;
import org.distill4j.step.Nets;
import org.distill4j.step.PrunePreview;
import org.distill4j.step.StudentStage;
import org.distill4j.step.TeacherFile;
import org.distill4j.views.Views;

/**
 * A recipe that was held against its files, its data and this machine before anything is done.
 * There is one list of checks, for plans and for runs, so that a run carries out what a plan
 * accepts; all that is wrong is told at once.
 *
 * @param data opened
 * @param lessons what the students learn from
 * @param labelled which training labels a student may see
 * @param teacher before it is trained, or as its file has it
 * @param student before it is trained
 */
record CheckedRecipe(
    Recipe recipe,
    Splits data,
    Splits lessons,
    LabelledSubset labelled,
    Graph teacher,
    Graph student) {
  /** So many validation examples tell whether a teacher knows anything. */
  private static final long ENOUGH = 2000;

  /**
   * Opens what a recipe names, and checks it.
   *
   * @param folder the run's, which need not be there yet
   * @throws org.distill4j.fault.InputFault with a line for each thing that is wrong
   */
  static CheckedRecipe of(Recipe recipe, Path folder, ProgressListener listener) {
    FaultList faults = new FaultList();
    Optional<TeacherFile> teacher = teacherFile(recipe.teacher(), faults);
    studentFile(recipe.student(), faults);
    Optional<Splits> data =
        faults.isEmpty()
            ? faults.of(() -> RecipeRunner.find(recipe, listener))
            : faults.of(() -> new DataCatalog(DataLocations.here(), listener).open(recipe.data()));
    return checked(recipe, data, teacher, folder, faults);
  }

  /**
   * Checks a recipe.
   *
   * @param data used instead of what the recipe names
   * @param folder the run's, which need not be there yet
   * @throws org.distill4j.fault.InputFault with a line for each thing that is wrong
   */
  static CheckedRecipe of(Recipe recipe, Splits data, Path folder) {
    FaultList faults = new FaultList();
    Optional<TeacherFile> teacher = teacherFile(recipe.teacher(), faults);
    studentFile(recipe.student(), faults);
    return checked(recipe, Optional.of(data), teacher, folder, faults);
  }

  /** What is wrong with what the sections of a faulty recipe name that are right by themselves. */
  static List<String> faults(RecipeReader.Sections sections) {
    FaultList faults = new FaultList();
    Optional<TeacherFile> file = sections.teacher().flatMap(t -> teacherFile(t, faults));
    sections.student().ifPresent(s -> studentFile(s, faults));
    Optional<Path> model =
        faults.isEmpty() ? sections.teacher().flatMap(t -> t.file()) : Optional.empty();
    sections
        .data()
        .flatMap(d -> faults.of(() -> RecipeRunner.find(d, model, ProgressListener.NONE)))
        .ifPresent(
            data -> {
              Dataset train = data.train().data();
              faults.check(() -> DataCheck.require(train));
              sections
                  .teacher()
                  .ifPresent(t -> file.ifPresent(f -> faults.check(() -> fit(t, f, data))));
              sections
                  .teacher()
                  .flatMap(TeacherSettings::net)
                  .ifPresent(n -> faults.check(() -> Nets.build(n, train, 1)));
              sections
                  .student()
                  .flatMap(StudentSettings::net)
                  .ifPresent(n -> faults.check(() -> Nets.build(n, train, 1)));
            });
    return faults.lines();
  }

  private static Teacher fit(TeacherSettings settings, TeacherFile file, Splits data) {
    Teacher teacher = file.teacher(settings, data.train().data());
    teacher.requireFit(data);
    return teacher;
  }

  private static Optional<TeacherFile> teacherFile(TeacherSettings settings, FaultList faults) {
    return settings.file().flatMap(file -> faults.of(() -> TeacherFile.read(settings)));
  }

  /** Whether it can be read at all; what it is made of the data tell. */
  private static void studentFile(StudentSettings settings, FaultList faults) {
    settings.file().ifPresent(file -> faults.check(() -> OnnxReader.read(file)));
  }

  private static CheckedRecipe checked(
      Recipe recipe,
      Optional<Splits> data,
      Optional<TeacherFile> teacherFile,
      Path folder,
      FaultList faults) {
    if (data.isEmpty()) {
      faults.refuse();
    }
    Splits all = data.orElseThrow();
    Splits lessons = faults.of(() -> RecipeRunner.lessons(recipe, all)).orElse(all);
    Dataset train = lessons.train().data();
    faults.check(() -> DataCheck.require(train));
    Optional<LabelledSubset> labelled = faults.of(() -> labelled(recipe, train));
    faults.check(() -> GateCheck.on(recipe, all));
    faults.check(() -> LabelCost.requireRoom(recipe, train, folder));
    faults.check(() -> new Views(recipe.teacher().augment(), 0, 0).check(all.train().data()));
    Optional<Graph> teacher =
        recipe.teacher().file().isPresent()
            ? teacherFile.flatMap(file -> faults.of(() -> fitting(recipe, file, all)))
            : faults.of(() -> Nets.build(recipe.teacher().net().orElseThrow(), train, 1));
    teacher.ifPresent(net -> faults.check(() -> requireTeacher(recipe, all, net)));
    Optional<Graph> student = faults.of(() -> student(recipe, train));
    if (student.isPresent()
        && faults.holds(() -> requireStudent(recipe, lessons, student.get()))
        && labelled.isPresent()) {
      faults.check(() -> requireAlone(recipe, lessons, student.get(), labelled.get()));
    }
    for (OnFail.Attempt attempt : attempts(recipe)) {
      faults.check(() -> requireAttempt(recipe.with(attempt), lessons));
    }
    faults.refuse();
    return new CheckedRecipe(
        recipe, all, lessons, labelled.orElseThrow(), teacher.orElseThrow(), student.orElseThrow());
  }

  private static LabelledSubset labelled(Recipe recipe, Dataset train) {
    long wanted = recipe.student().labelled().orElse(train.size());
    if (wanted > train.size()) {
      throw new InputFault(
          "student.labelled: %s (expected: at most %s, as many training examples as data '%s' give it)"
              .formatted(wanted, train.size(), train.name()));
    }
    return LabelledSubset.of(wanted, train.size(), recipe.seed());
  }

  private static List<OnFail.Attempt> attempts(Recipe recipe) {
    return recipe.gate().flatMap(GateSettings::onFail).map(OnFail::with).orElse(List.of());
  }

  private static Graph fitting(Recipe recipe, TeacherFile file, Splits data) {
    Teacher teacher = fit(recipe.teacher(), file, data).threads(recipe.threadsHere());
    if (recipe.distill().objective().needsTeacher()) {
      requireBetterThanChance(teacher, data);
    }
    return teacher.model();
  }

  /** Some of the examples tell; only where they speak against a teacher all of them are asked. */
  private static void requireBetterThanChance(Teacher teacher, Splits data) {
    Dataset all = data.validation().data();
    if (all.size() > ENOUGH) {
      Dataset some = Subset.shuffled(all, 1, 0, ENOUGH);
      Splits fewer = new Splits(data.train(), new ValidationSet(some), data.test());
      if (new FaultList().holds(() -> teacher.check(fewer, ProgressListener.NONE))) {
        return;
      }
    }
    teacher.check(data, ProgressListener.NONE);
  }

  private static Graph student(Recipe recipe, Dataset train) {
    return recipe.student().file().isPresent()
        ? StudentStage.given(recipe, train)
        : Nets.build(recipe.student().net().orElseThrow(), train, 1);
  }

  private static void requireAttempt(Recipe changed, Splits lessons) {
    requireStudent(changed, lessons, student(changed, lessons.train().data()));
  }

  private static void requireTeacher(Recipe recipe, Splits data, Graph net) {
    recipe
        .teacher()
        .train()
        .ifPresent(
            settings -> Trainer.of(net, data).name(ModelNames.TEACHER).settings(settings).check());
  }

  /** Refuses a student that could not be trained on its labels alone, where it is to be. */
  private static void requireAlone(
      Recipe recipe, Splits lessons, Graph student, LabelledSubset labelled) {
    if (recipe.baselines().contains(Baseline.ALONE)) {
      Trainer.of(student, lessons)
          .name(Baseline.ALONE.model())
          .settings(recipe.student().train())
          .labelled(labelled)
          .check();
    }
  }

  /** Refuses a student that cannot learn from the data, or become what the recipe says. */
  private static void requireStudent(Recipe recipe, Splits lessons, Graph student) {
    FaultList faults = new FaultList();
    faults.check(
        () ->
            Trainer.of(student, lessons)
                .name(ModelNames.STUDENT)
                .settings(recipe.student().train())
                .views(new Views(recipe.student().augment(), 0, 0))
                .check());
    if (faults.isEmpty()) {
      recipe
          .prune()
          .ifPresent(
              p -> {
                faults.check(() -> PrunePreview.of(student, recipe, ""));
                faults.check(
                    () ->
                        Trainer.of(student, lessons)
                            .name(ModelNames.PRUNED)
                            .settings(p.train(recipe.student().train()))
                            .check());
              });
      recipe
          .quantize()
          .ifPresent(
              q ->
                  faults.check(
                      () -> CalibratedModel.require(student, q.form(), Set.copyOf(q.keepFloat()))));
      recipe
          .export()
          .ifPresent(
              e ->
                  faults.check(() -> ExportStage.check(e, student, recipe.quantize().isPresent())));
    }
    faults.refuse();
  }
}
