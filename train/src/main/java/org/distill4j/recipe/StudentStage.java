package org.distill4j.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.distill.Trained;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.storage.AtomicFile;

/** Trains one student. */
final class StudentStage {
  /** How the figures of the stages that prepare batches begin. */
  static final String PREPARING = "preparing_";

  /** The figure of a live teacher: seconds in which it answered. */
  static final String ASKED = PREPARING + "teacher_seconds";

  private static final String ARTEFACT = "model.onnx";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  private StudentStage() {}

  /** Refuses a student that does not suit the data, before a teacher is trained for it. */
  static void check(RunContext run) {
    run.trainer(
            ModelNames.STUDENT,
            ModelNames.STUDENT,
            run.lessons(),
            start(run),
            run.recipe().student().train())
        .views(run.studentViews())
        .check();
  }

  static Stage run(RunContext run, Lesson lesson) {
    return stage(run, lesson, target -> fit(trainer(run, lesson), lineage(run, lesson), target));
  }

  private static Map<String, String> lineage(RunContext run, Lesson lesson) {
    Map<String, String> lineage = new LinkedHashMap<>(lesson.lineage());
    lineage.put("data", run.dataDigest());
    return lineage;
  }

  private static Stage stage(RunContext run, Lesson lesson, RunFolder.Work work) {
    StudentSettings settings = run.recipe().student();
    List<String> inputs = new ArrayList<>(lesson.inputs());
    inputs.addAll(
        List.of(
            settings
                .net()
                .map(Object::toString)
                .orElseGet(() -> OnnxReader.open(settings.file().get()).sha256()),
            settings.train().toString(),
            run.dataDigest(),
            run.seedText(),
            run.threadsText()));
    inputs.addAll(RunContext.inputs(run.studentViews()));
    inputs.addAll(run.data().train().data().arrangement());
    settings.omit().forEach(name -> inputs.add("without " + name));
    return run.folder()
        .stage(run.named(lesson.student()), StageKind.STUDENT, ARTEFACT, inputs, work);
  }

  /** A student that a trial of a search was already, to the bit. */
  static Stage copied(RunContext run, Lesson lesson, Stage trial) {
    return stage(
        run,
        lesson,
        target -> {
          copy(trial.artefact(), target);
          Path checkpoint = trial.artefact().resolveSibling(CHECKPOINT);
          copy(checkpoint, target.resolveSibling(CHECKPOINT));
          StageRecord known = trial.record();
          return new RunFolder.Made(known.epochs(), known.health(), known.figures());
        });
  }

  private static void copy(Path from, Path to) {
    try {
      AtomicFile.write(to, "copy", Files.readAllBytes(from));
    } catch (IOException e) {
      throw new RunFault(from + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private static Trainer trainer(RunContext run, Lesson lesson) {
    return trainer(run, lesson, start(run), run.recipe().student().train());
  }

  /** A trainer of a net on what the run's students see. */
  static Trainer trainer(RunContext run, Lesson lesson, Graph net, TrainSettings training) {
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
  static Graph start(RunContext run) {
    StudentSettings settings = run.recipe().student();
    Dataset train = run.data().train().data();
    return settings.file().isPresent()
        ? CutSoftmax.apply(OnnxReader.read(settings.file().get()))
        : Nets.build(settings.net().orElseThrow(), train, run.seedOf(ModelNames.STUDENT));
  }

  /** Trains with a checkpoint beside the artefact, and writes the artefact. */
  static RunFolder.Made fit(Trainer trainer, Map<String, String> lineage, Path target) {
    Trained trained = trainer.watched().checkpoint(target.resolveSibling(CHECKPOINT)).train();
    OnnxWriter.write(Metadata.withLineage(trained.model(), lineage), target);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("kept_epoch", (double) trained.kept());
    if (!trained.speeds().isEmpty()) {
      figures.put("images_per_s", trained.examplesPerSecond());
      figures.put("steps_seconds", trained.seconds());
      figures.put("waited_seconds", trained.waited());
      trained
          .preparing()
          .forEach((stage, seconds) -> figures.put(PREPARING + stage + "_seconds", seconds));
    }
    return new RunFolder.Made(trained.epochs(), trained.health(), figures);
  }
}
