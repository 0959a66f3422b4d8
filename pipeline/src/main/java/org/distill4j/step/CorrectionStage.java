package org.distill4j.step;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.distill.PriorBias;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.recipe.ModelNames;
import org.distill4j.settings.StepKey;

/** Moves the biases of the classes that the student never saw. */
public final class CorrectionStage {
  private static final String ARTEFACT = "model.onnx";

  private CorrectionStage() {}

  public static Stage run(RunEnvironment run, Stage student) {
    List<String> unseen = run.recipe().student().omit();
    StepKey key =
        StageKind.CORRECTION
            .key()
            .from("student", student.sha256())
            .from("validation", run.data().validation().data().sha256())
            .with("omit", unseen);
    return run.stage(
        ModelNames.CORRECTED,
        ARTEFACT,
        key,
        target -> {
          Graph net = OnnxReader.read(student.artefact());
          PriorBias corrected =
              PriorBias.correct(net, run.data().validation(), unseen, run.threads());
          Map<String, Double> moved = new LinkedHashMap<>();
          List<String> classes = run.data().validation().data().classes();
          for (String name : unseen) {
            double by = corrected.moved().get(classes.indexOf(name));
            moved.put(name, by);
            run.says(String.format(Locale.ROOT, "bias of class '%s': moved by %+.3f", name, by));
          }
          Map<String, String> lineage = Map.of("student", student.sha256());
          OnnxWriter.write(Metadata.withLineage(corrected.model(), lineage), target);
          return new RunFolder.Made(new StepResult.BiasResult(moved));
        });
  }
}
