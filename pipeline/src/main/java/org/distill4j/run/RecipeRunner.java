package org.distill4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.OmittedClassesDataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TrainSet;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.data.source.DataSettings;
import org.distill4j.fault.RunFault;
import org.distill4j.gate.GateAlert;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.inference.FileRuntime;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.OnFail;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.RecipeWriter;
import org.distill4j.results.Results;
import org.distill4j.results.RunLog;
import org.distill4j.step.RunEnvironment;
import org.distill4j.step.RunFolder;
import org.distill4j.step.TeacherFile;
import org.distill4j.storage.Sha256;

/**
 * Carries out a recipe: teacher, soft labels, students, evaluation, report. A stage that is done
 * and whose inputs are unchanged is reused; one that was cut off goes on where it was.
 */
public final class RecipeRunner {
  private static final int SHOWN_DIGITS = 8;
  private static final String YAML = "recipe.yaml";

  private RecipeRunner() {}

  /**
   * {@code runs/<recipe>-<hash8>} in the working directory: the same recipe finds its folder again.
   */
  public static Path defaultFolder(Recipe recipe) {
    String hash = Sha256.ofTexts(RecipeWriter.text(recipe)).substring(0, SHOWN_DIGITS);
    return Path.of("runs", recipe.name() + "-" + hash);
  }

  /**
   * Reads a recipe. Where it has faults itself, its files are looked at too, so that all is told at
   * once.
   *
   * @param overrides each {@code path.to.key=value} as of {@code --set}
   * @throws org.distill4j.fault.InputFault with a line for everything that is wrong
   */
  public static Recipe read(Path file, List<String> overrides) {
    return RecipeReader.read(file, overrides, CheckedRecipe::faults);
  }

  /** {@link #run(Recipe, Splits, Path, ProgressListener)} on the data that the recipe names. */
  public static Results run(Recipe recipe, Path folder, ProgressListener listener) {
    long start = System.nanoTime();
    return run(CheckedRecipe.of(recipe, folder, listener), folder, listener, start);
  }

  /** A model from elsewhere that knows the columns of its data has its own way to read them. */
  public static Splits find(Recipe recipe, ProgressListener listener) {
    return find(recipe.data(), recipe.teacher().file().or(() -> recipe.student().file()), listener);
  }

  static Splits find(DataSettings data, Optional<Path> file, ProgressListener listener) {
    DataCatalog catalog = new DataCatalog(DataLocations.here(), listener);
    return file.filter(f -> FileRuntime.of(f).isEmpty())
        .map(OnnxReader::read)
        .filter(RecipeRunner::saysHowDataAreRead)
        .map(model -> catalog.open(data, model))
        .orElseGet(() -> catalog.open(data));
  }

  private static boolean saysHowDataAreRead(Graph model) {
    return Metadata.table(model).isPresent()
        || Metadata.columns(model).isPresent()
        || Metadata.records(model).isPresent()
        || Metadata.fit(model).isPresent();
  }

  /**
   * Carries out a recipe.
   *
   * @param data used instead of what the recipe names
   * @param folder gets {@code recipe.yaml}, {@code log.txt}, a folder for each stage, {@code
   *     results.json} and {@code report.html}
   * @throws org.distill4j.fault.InputFault if recipe, data and models do not fit together
   * @throws org.distill4j.fault.RunFault if it cannot be carried out; what is done stays done
   */
  public static Results run(Recipe recipe, Splits data, Path folder, ProgressListener listener) {
    long start = System.nanoTime();
    return run(CheckedRecipe.of(recipe, data, folder), folder, listener, start);
  }

  private static Results run(
      CheckedRecipe checked, Path folder, ProgressListener listener, long start) {
    Recipe recipe = checked.recipe();
    try (RunFolder opened = RunFolder.open(folder).of(recipe.name(), YAML);
        RunLog log = RunLog.open(folder.resolve("log.txt"))) {
      log.line("run of recipe '" + recipe.name() + "' begins");
      try {
        RecipeWriter.write(recipe, opened.file(YAML));
        DataFindings.of(checked).forEach(listener.and(log)::note);
        Results results = run(context(recipe, checked.data(), opened, log, listener), start);
        log.line("run ends");
        return results;
      } catch (RuntimeException e) {
        noteFault(log, e);
        throw e;
      }
    }
  }

  public static RunEnvironment context(
      Recipe recipe, Splits data, RunFolder folder, RunLog log, ProgressListener listener) {
    Splits lessons = lessons(recipe, data);
    long size = lessons.train().data().size();
    LabelledSubset labelled =
        LabelledSubset.of(recipe.student().labelled().orElse(size), size, recipe.seed());
    return new RunEnvironment(
        recipe,
        data,
        lessons,
        data.sha256(),
        labelled,
        folder,
        log,
        recipe.threadsHere(),
        listener.and(log),
        recipe.seed(),
        "");
  }

  /** The data without the training examples of classes that the student never sees. */
  static Splits lessons(Recipe recipe, Splits data) {
    Dataset train = OmittedClassesDataset.of(data.train().data(), recipe.student().omit());
    return new Splits(new TrainSet(train), data.validation(), data.test());
  }

  private static Results run(RunEnvironment run, long start) {
    run.data().notes().forEach(run.listener()::note);
    TeacherFile.notes(run.recipe()).forEach(run.listener()::note);
    Optional<GateSettings> gate = run.recipe().gate();
    Optional<OnFail> onFail = gate.flatMap(GateSettings::onFail);
    ModelChain made = ModelChain.of(run);
    Optional<GateRetries> attempts = onFail.map(o -> GateRetries.of(run, gate.get(), o, made));
    Results results =
        new RunEvaluation(attempts.map(GateRetries::taken).orElse(made), attempts).write(start);
    if (!results.isPassed()) {
      gate.flatMap(GateSettings::alert).ifPresent(alert -> GateAlert.send(run, alert, results));
    }
    return results;
  }

  private static void noteFault(RunLog log, RuntimeException fault) {
    try {
      log.line("run fails: " + fault.getMessage());
    } catch (RunFault full) {
      fault.addSuppressed(full); // a log on a full disk
    }
  }
}
