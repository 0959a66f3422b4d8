package org.distill4j.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.recipe.LabelSource;
import org.distill4j.settings.StepKey;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.softlabels.TeacherCheck;
import org.distill4j.tensor.DType;
import org.distill4j.views.Views;

/**
 * Makes the teacher heard: writes down what it says of every training example, or of every view of
 * it, once for all students and epochs; or makes sure that it can be asked in the steps.
 */
public final class LabelStage {
  private static final String NAME = "labels";
  private static final String ARTEFACT = "labels.safetensors";

  private final RunEnvironment run;
  private final Teacher teacher;
  private final LabelSource source;
  private final Views views;
  private TeacherCheck check; // found before the first view is labelled

  public LabelStage(RunEnvironment run, Stage teacherStage) {
    this.run = run;
    this.teacher =
        Teacher.of(OnnxReader.read(teacherStage.artefact()), run.lessons().train().data())
            .threads(run.threads());
    this.source = run.recipe().distill().labels();
    this.views = run.studentViews();
  }

  /** One stage for each file of labels; none where the teacher is asked in the steps. */
  public List<Stage> run() {
    if (source instanceof LabelSource.Views ahead) {
      List<Stage> stages = new ArrayList<>();
      for (int view = 0; view < ahead.count(); view++) {
        stages.add(ofView(view, type()));
      }
      return stages;
    }
    if (source instanceof LabelSource.Cached) {
      DType type = type();
      return List.of(
          stage(
              NAME,
              teacher.key(run.lessons(), type),
              target -> teacher.teach(run.lessons(), target, type, run.listener())));
    }
    teacher.check(run.lessons(), run.listener());
    return List.of();
  }

  private DType type() {
    return source.type(run.data().task());
  }

  private Stage ofView(int view, DType type) {
    return stage(
        NAME + "-view-" + (view + 1),
        teacher.key(run.lessons(), views, view, type),
        target ->
            teacher.teach(run.lessons(), views, view, target, type, checked(), run.listener()));
  }

  private TeacherCheck checked() {
    if (check == null) {
      check = teacher.check(run.lessons(), run.listener());
    }
    return check;
  }

  private interface Labels {
    Teacher.Taught into(Path target);
  }

  private Stage stage(String name, LabelKey key, Labels labels) {
    return run.stage(
        name,
        ARTEFACT,
        key(key, run.threads()),
        target -> {
          Teacher.Taught taught = labels.into(target);
          run.says(saved(taught.labelling()));
          return new RunFolder.Made(result(taught));
        });
  }

  /**
   * What the students are taught by; files are checked.
   *
   * @param stages what {@link #run} gave
   */
  public TeacherSignal open(List<Stage> stages) {
    if (source instanceof LabelSource.Views) {
      List<SoftLabels> files = new ArrayList<>();
      for (int view = 0; view < stages.size(); view++) {
        LabelKey key = teacher.key(run.lessons(), views, view, type());
        files.add(SoftLabels.open(stages.get(view).artefact(), key));
      }
      return new TeacherSignal.ViewLabels(files);
    }
    if (source instanceof LabelSource.Cached cached) {
      LabelKey key = teacher.key(run.lessons(), type());
      return new TeacherSignal.Cached(
          SoftLabels.open(stages.get(0).artefact(), key), cached.evenAugmented());
    }
    return new TeacherSignal.Online(teacher);
  }

  /** How many bytes an earlier run has left of its labels, whole or begun. */
  public static long bytesThere(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> stages = Files.list(folder)) {
      return stages
          .filter(
              stage ->
                  stage.getFileName().toString().matches(NAME + "(-view-[0-9]+)?(-seed-[0-9]+)?"))
          .flatMap(stage -> Stream.of(stage.resolve(ARTEFACT), stage.resolve(ARTEFACT + ".part")))
          .mapToLong(file -> file.toFile().length()) // 0 where there is none
          .sum();
    }
  }

  private static StepResult result(Teacher.Taught taught) {
    double speed = taught.labelling().imagesPerSecond();
    return new StepResult.LabelResult(taught.check().accuracy(), speed > 0 ? speed : null);
  }

  /** What labels are made from. */
  public static StepKey key(LabelKey key, int threads) {
    return StageKind.LABELS
        .key()
        .from("teacher", key.teacher())
        .from("data", key.data())
        .with("preprocessing", key.preprocessing())
        .with("view", key.view())
        .with("type", key.type())
        .with("threads", threads);
  }

  /** What asking ahead saves against asking in every epoch. */
  private String saved(Labelling done) {
    if (done.imagesPerSecond() <= 0) {
      return "labels: all there from before";
    }
    int uses = (run.recipe().student().train().epochs() + source.files() - 1) / source.files();
    return String.format(
        Locale.ROOT,
        "labels: %,d examples at %,.0f a second; read again in %d epochs they save %.1f s of the"
            + " teacher's time",
        done.examples(),
        done.imagesPerSecond(),
        uses,
        (uses - 1) * done.examples() / done.imagesPerSecond());
  }
}
