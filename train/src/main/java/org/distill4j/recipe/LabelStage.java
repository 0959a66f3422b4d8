package org.distill4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.distill.Teacher;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.tensor.DType;

/**
 * Writes down what the teacher says of every training example, once for all students and epochs.
 */
final class LabelStage {
  private static final String NAME = "labels";
  private static final String ARTEFACT = "labels.safetensors";

  private final RunContext run;
  private final Teacher teacher;
  private final DType type;
  private final LabelKey key;

  LabelStage(RunContext run, Stage teacherStage) {
    this.run = run;
    this.teacher =
        Teacher.of(OnnxReader.read(teacherStage.artefact()), run.data().train().data())
            .threads(run.threads());
    this.type = run.recipe().distill().labels().type();
    this.key = teacher.key(run.data(), type);
  }

  Stage run() {
    return run.folder()
        .stage(
            NAME,
            StageKind.LABELS,
            ARTEFACT,
            List.of(key.toString(), run.threadsText()),
            target -> {
              Teacher.Taught taught = teacher.teach(run.data(), target, type, run.listener());
              run.says(saved(taught.labelling()));
              return new RunFolder.Made(List.of(), figures(taught));
            });
  }

  /** The labels of the stage that is done, checked. */
  SoftLabels open(Stage labels) {
    return SoftLabels.open(labels.artefact(), key);
  }

  private static Map<String, Double> figures(Teacher.Taught taught) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("teacher_validation_accuracy", taught.check().accuracy());
    if (taught.labelling().imagesPerSecond() > 0) {
      figures.put("images_per_s", taught.labelling().imagesPerSecond());
    }
    return figures;
  }

  /** What asking once saves against asking in every epoch. */
  private String saved(Labelling done) {
    if (done.imagesPerSecond() <= 0) {
      return "labels: all there from before";
    }
    int epochs = run.recipe().student().train().epochs();
    return String.format(
        Locale.ROOT,
        "labels: %,d examples at %,.0f a second; read again in %d epochs they save %.1f s of the teacher's time",
        done.examples(),
        done.imagesPerSecond(),
        epochs,
        (epochs - 1) * done.examples() / done.imagesPerSecond());
  }
}
