package org.distill4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.softlabels.TeacherCheck;

/**
 * Writes down what the teacher says of every training example, once for all students and epochs.
 */
final class LabelStage {
  private static final String NAME = "labels";
  private static final String ARTEFACT = "labels.safetensors";

  private LabelStage() {}

  static Stage run(RunContext run, Stage teacher) {
    LabelKey key = key(run, teacher);
    return run.folder()
        .stage(
            NAME,
            StageKind.LABELS,
            ARTEFACT,
            List.of(key.toString(), run.threadsText()),
            target -> {
              Graph graph = OnnxReader.read(teacher.artefact());
              try (Predictor predictor = new OnnxRuntime().open(graph, run.threads())) {
                TeacherCheck check =
                    TeacherCheck.of(
                        graph, predictor, run.data().validation(), preprocessing(graph));
                run.says("teacher: " + check.summary());
                Labelling done =
                    Labeller.label(predictor, inputs(run, graph), key, target, run.listener());
                run.says(saved(run, done));
                return new RunFolder.Made(List.of(), figures(check, done));
              }
            });
  }

  /** The labels, checked. */
  static SoftLabels open(RunContext run, Stage teacher, Stage labels) {
    return SoftLabels.open(labels.artefact(), key(run, teacher));
  }

  private static LabelKey key(RunContext run, Stage teacher) {
    Graph graph = OnnxReader.read(teacher.artefact());
    return LabelKey.plain(
        teacher.sha256(), inputs(run, graph), run.recipe().distill().labels().type());
  }

  private static Preprocessed inputs(RunContext run, Graph teacher) {
    return new Preprocessed(run.data().train().data(), preprocessing(teacher));
  }

  private static Preprocessing preprocessing(Graph teacher) {
    return Metadata.preprocessing(teacher).orElseThrow();
  }

  private static Map<String, Double> figures(TeacherCheck check, Labelling done) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("teacher_validation_accuracy", check.accuracy());
    if (done.imagesPerSecond() > 0) {
      figures.put("images_per_s", done.imagesPerSecond());
    }
    return figures;
  }

  /** What asking once saves against asking in every epoch. */
  private static String saved(RunContext run, Labelling done) {
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
