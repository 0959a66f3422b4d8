package org.distill4j.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.distill.TrainedModel;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.passes.HalfPrecision;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.StudentSettings;
import org.distill4j.settings.StepKey;
import org.distill4j.storage.AtomicFile;

/** Trains one student. */
public final class StudentStage {
  private static final String ARTEFACT = "model.onnx";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  private StudentStage() {}

  public static Stage run(RunEnvironment run, StudentSpec lesson) {
    return stage(run, lesson, target -> fit(trainer(run, lesson), lineage(run, lesson), target));
  }

  private static Map<String, String> lineage(RunEnvironment run, StudentSpec lesson) {
    Map<String, String> lineage = new LinkedHashMap<>(lesson.lineage());
    lineage.put("data", run.dataDigest());
    return lineage;
  }

  private static Stage stage(RunEnvironment run, StudentSpec lesson, RunFolder.Work work) {
    return run.stage(lesson.student(), ARTEFACT, key(run, lesson), work);
  }

  /** What a student is made from. */
  public static StepKey key(RunEnvironment run, StudentSpec lesson) {
    StudentSettings settings = run.recipe().student();
    StepKey key =
        StageKind.STUDENT
            .key()
            .with("net", settings.net())
            .with("preprocessing", settings.preprocessing())
            .from("file", settings.file().map(file -> OnnxReader.open(file).sha256()));
    return run.studying(lesson.in(key), settings.train());
  }

  /** A student that a trial of a search was already, to the bit. */
  public static Stage copied(RunEnvironment run, StudentSpec lesson, Stage trial) {
    return stage(
        run,
        lesson,
        target -> {
          copy(trial.artefact(), target);
          Path checkpoint = trial.artefact().resolveSibling(CHECKPOINT);
          copy(checkpoint, target.resolveSibling(CHECKPOINT));
          StageRecord known = trial.record();
          return new RunFolder.Made(known.epochs(), known.health(), known.result());
        });
  }

  private static void copy(Path from, Path to) {
    try {
      AtomicFile.write(to, "copy", Files.readAllBytes(from));
    } catch (IOException e) {
      throw new RunFault(from + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private static Trainer trainer(RunEnvironment run, StudentSpec lesson) {
    return trainer(run, lesson, start(run), run.recipe().student().train());
  }

  /** A trainer of a net on what the run's students see. */
  static Trainer trainer(
      RunEnvironment run, StudentSpec lesson, Graph net, TrainSettings training) {
    long examples = run.lessons().train().data().size();
    Trainer trainer =
        run.trainer(run.named(lesson.student()), ModelNames.STUDENT, run.lessons(), net, training)
            .objective(lesson.objective())
            .labelled(lesson.labelled())
            .views(run.studentViews())
            .stepsPerEpoch(examples / Math.min(training.batch(), examples));
    lesson.teaching().ifPresent(heard -> trainer.distil(lesson.objective(), heard));
    return trainer;
  }

  /** The student as it is before its first step. */
  public static Graph start(RunEnvironment run) {
    StudentSettings settings = run.recipe().student();
    Dataset train = run.data().train().data();
    return settings.file().isPresent()
        ? given(run.recipe(), train)
        : Nets.build(settings.net().orElseThrow(), train, run.seedOf(ModelNames.STUDENT));
  }

  /** The model of a student's file, without the activation at its end and told what it takes. */
  public static Graph given(Recipe recipe, Dataset train) {
    StudentSettings settings = recipe.student();
    Graph read = HalfPrecision.widened(OnnxReader.read(settings.file().orElseThrow()));
    Graph graph = ModelDataCheck.fitted(read, train, false);
    Graph cut =
        train.task() == TaskType.REGRESSION ? CutSoftmax.apply(graph) : CutSoftmax.toLogits(graph);
    Graph logits = Metadata.withScores(cut, Optional.empty()); // its own numbers are no more
    return settings
        .preprocessing()
        .map(told -> Metadata.withPreprocessing(logits, told))
        .orElse(logits);
  }

  /** Trains with a checkpoint beside the artefact, and writes the artefact. */
  static RunFolder.Made fit(Trainer trainer, Map<String, String> lineage, Path target) {
    TrainedModel trained = train(trainer, lineage, target);
    return new RunFolder.Made(trained.epochs(), trained.health(), TrainingResult.of(trained));
  }

  /** The same; gives what was trained. */
  static TrainedModel train(Trainer trainer, Map<String, String> lineage, Path target) {
    TrainedModel trained = trainer.watched().checkpoint(target.resolveSibling(CHECKPOINT)).train();
    OnnxWriter.write(Metadata.withLineage(trained.model(), lineage), target);
    return trained;
  }
}
