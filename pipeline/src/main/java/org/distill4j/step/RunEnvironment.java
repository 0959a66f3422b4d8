package org.distill4j.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Runtimes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.DistillSettings;
import org.distill4j.recipe.LabelSource;
import org.distill4j.recipe.Recipe;
import org.distill4j.results.RunLog;
import org.distill4j.settings.StepKey;
import org.distill4j.storage.Sha256;
import org.distill4j.views.Augmentation;
import org.distill4j.views.Views;

/**
 * The environment of a run: what all its stages share.
 *
 * @param recipe what is to be done
 * @param data found and checked
 * @param lessons what the students learn from: the data without the classes they never see
 * @param dataDigest the digest of all three parts of the data
 * @param labelled which training labels a student may see
 * @param folder where artefacts are kept
 * @param log what happened
 * @param threads how many threads a step may use
 * @param listener who hears how far it is
 * @param seed what this part of the run derives from; the recipe's, or one that follows it
 * @param within the folder, within the run's, of what an attempt makes; empty: the run's own
 */
public record RunEnvironment(
    Recipe recipe,
    Splits data,
    Splits lessons,
    String dataDigest,
    LabelledSubset labelled,
    RunFolder folder,
    RunLog log,
    int threads,
    ProgressListener listener,
    long seed,
    String within) {

  /** What a stage is called: by its own name under the recipe's seed. */
  public String named(String stage) {
    String own = seed == recipe.seed() ? stage : stage + "-seed-" + seed;
    return within.isEmpty() ? own : within + "/" + own;
  }

  /** One for each seed of the recipe, its own first. */
  public List<RunEnvironment> seeds() {
    List<RunEnvironment> all = new ArrayList<>();
    for (int k = 0; k < recipe.seeds().count(); k++) {
      all.add(ofSeed(recipe.seed() + k));
    }
    return all;
  }

  /** The same part of the run whose student minimises something else. */
  public RunEnvironment distill(DistillSettings other) {
    return new RunEnvironment(
        recipe.distill(other),
        data,
        lessons,
        dataDigest,
        labelled,
        folder,
        log,
        threads,
        listener,
        seed,
        within);
  }

  /**
   * The same run with another recipe, for what the gate tries.
   *
   * @param folder within the run's
   * @param changed another student, or another objective
   */
  public RunEnvironment attempt(String folder, Recipe changed) {
    return new RunEnvironment(
        changed,
        data,
        lessons,
        dataDigest,
        labelled,
        this.folder,
        log,
        threads,
        listener,
        seed,
        folder);
  }

  private RunEnvironment ofSeed(long other) {
    LabelledSubset drawn =
        recipe.seeds().areChains()
            ? LabelledSubset.of(labelled.count(), labelled.size(), other)
            : labelled;
    return new RunEnvironment(
        recipe, data, lessons, dataDigest, drawn, folder, log, threads, listener, other, within);
  }

  /** How good a model is where it is for: a file of another format is run by its own runtime. */
  public Evaluation evaluation(Graph model, Split split) {
    InferenceRuntime runtime =
        ForeignModel.of(model).isPresent() ? Runtimes.of(model) : recipe.target().runtime();
    return Evaluation.of(model, split, runtime, threads);
  }

  /** A seed of its own for each purpose, all derived from one. */
  long seedOf(String purpose) {
    return Long.parseUnsignedLong(Sha256.ofTexts("seed " + seed, purpose).substring(0, 16), 16);
  }

  /** The views that all students see: as many as are labelled ahead, or a new one in each pass. */
  Views studentViews() {
    LabelSource labels = recipe.distill().labels();
    boolean ahead =
        recipe.distill().objective().needsTeacher() && labels instanceof LabelSource.Views;
    RunEnvironment drawn = ahead && !recipe.seeds().areChains() ? ofSeed(recipe.seed()) : this;
    return drawn.views(recipe.student().augment(), "student views", ahead ? labels.files() : 0);
  }

  /** The views that a teacher sees while it is trained. */
  public Views teacherViews() {
    return views(recipe.teacher().augment(), "teacher views", 0);
  }

  private Views views(List<Augmentation> steps, String purpose, int count) {
    return steps.isEmpty() ? Views.PLAIN : new Views(steps, seedOf(purpose), count);
  }

  /** Adds what every training depends on. */
  StepKey trained(StepKey key, TrainSettings training, Views views) {
    Dataset examples = data.train().data();
    return key.with("train", training)
        .with("seed", seed)
        .with("threads", threads)
        .with("views", views.isPlain() ? Optional.empty() : views)
        .with("arrangement", examples.arrangement())
        .from("data", dataDigest);
  }

  /** Adds what every training of a student depends on, whatever it learns from. */
  StepKey studying(StepKey key, TrainSettings training) {
    return trained(key, training, studentViews()).with("omit", recipe.student().omit());
  }

  /** Does a stage of this part of the run, unless it is done. */
  public Stage stage(String stage, String artefact, StepKey key, RunFolder.Work work) {
    return folder.stage(named(stage), artefact, key, work, this::says);
  }

  /** Tells people one line. */
  public void says(String line) {
    listener.note(line);
  }

  /**
   * A trainer with what all trainings of the run share.
   *
   * @param purpose what its order and dropout are drawn for
   * @param examples what it learns from
   */
  Trainer trainer(String name, String purpose, Splits examples, Graph net, TrainSettings settings) {
    return Trainer.of(net, examples)
        .name(name)
        .settings(settings)
        .seed(seedOf(purpose))
        .threads(threads)
        .listener(listener);
  }
}
