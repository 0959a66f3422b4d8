package org.distill4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.Trainer;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.recipe.GateCheck;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.OnFail;
import org.distill4j.recipe.Recipe;
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
  /**
   * Opens what a recipe names, and checks it.
   *
   * @param folder the run's, which need not be there yet
   * @throws org.distill4j.fault.InputFault with a line for each thing that is wrong
   */
  static CheckedRecipe of(Recipe recipe, Path folder, ProgressListener listener) {
    FaultList faults = new FaultList();
    Optional<TeacherFile> teacher = teacherFile(recipe.teacher(), faults);
    Optional<Graph> student = studentFile(recipe.student(), faults);
    Optional<Splits> data =
        faults.isEmpty()
            ? faults.of(() -> RecipeRunner.find(recipe, listener))
            : faults.of(() -> new DataCatalog(DataLocations.here(), listener).open(recipe.data()));
    return checked(recipe, data, teacher, student, folder, faults);
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
    Optional<Graph> student = studentFile(recipe.student(), faults);
    return checked(recipe, Optional.of(data), teacher, student, folder, faults);
  }

  private static Optional<TeacherFile> teacherFile(TeacherSettings settings, FaultList faults) {
    return settings.file().flatMap(file -> faults.of(() -> TeacherFile.read(settings)));
  }

  private static Optional<Graph> studentFile(StudentSettings settings, FaultList faults) {
    return settings.file().flatMap(file -> faults.of(() -> OnnxReader.read(file)));
  }

  private static CheckedRecipe checked(
      Recipe recipe,
      Optional<Splits> data,
      Optional<TeacherFile> teacherFile,
      Optional<Graph> studentFile,
      Path folder,
      FaultList faults) {
    if (data.isEmpty()) {
      faults.refuse();
    }
    Splits all = data.orElseThrow();
    Splits lessons = RecipeRunner.lessons(recipe, all);
    Dataset train = lessons.train().data();
    faults.check(() -> DataCheck.require(train));
    faults.check(() -> GateCheck.on(recipe, all));
    faults.check(() -> LabelCost.requireRoom(recipe, train, folder));
    faults.check(() -> new Views(recipe.teacher().augment(), 0, 0).check(all.train().data()));
    Optional<Teacher> told =
        teacherFile.flatMap(f -> faults.of(() -> f.teacher(recipe.teacher(), train)));
    told.ifPresent(t -> faults.check(() -> t.threads(recipe.threadsHere()).requireFit(all)));
    Optional<Graph> teacher =
        recipe.teacher().file().isPresent()
            ? told.map(Teacher::model)
            : faults.of(() -> Nets.build(recipe.teacher().net().orElseThrow(), train, 1));
    Optional<Graph> student =
        recipe.student().file().isPresent()
            ? studentFile.flatMap(
                f -> faults.of(() -> StudentStage.ofFile(recipe.student(), all.task())))
            : faults.of(() -> Nets.build(recipe.student().net().orElseThrow(), train, 1));
    student.ifPresent(net -> faults.check(() -> requireStudent(recipe, lessons, net)));
    for (OnFail.Attempt attempt : attempts(recipe)) {
      faults.check(() -> requireAttempt(recipe.with(attempt), lessons));
    }
    faults.refuse();
    return new CheckedRecipe(
        recipe,
        all,
        lessons,
        LabelledSubset.of(
            recipe.student().labelled().orElse(train.size()), train.size(), recipe.seed()),
        teacher.orElseThrow(),
        student.orElseThrow());
  }

  private static List<OnFail.Attempt> attempts(Recipe recipe) {
    return recipe.gate().flatMap(GateSettings::onFail).map(OnFail::with).orElse(List.of());
  }

  private static void requireAttempt(Recipe changed, Splits lessons) {
    Dataset train = lessons.train().data();
    FaultList faults = new FaultList();
    Optional<Graph> net =
        changed.student().file().isPresent()
            ? studentFile(changed.student(), faults)
            : faults.of(() -> Nets.build(changed.student().net().orElseThrow(), train, 1));
    faults.refuse();
    requireStudent(changed, lessons, net.orElseThrow());
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
      recipe.prune().ifPresent(p -> faults.check(() -> PrunePreview.of(student, recipe, "")));
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
