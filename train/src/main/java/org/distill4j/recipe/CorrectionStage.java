package org.distill4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.distill.PriorBias;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;

/** Moves the biases of the classes that the student never saw. */
final class CorrectionStage {
  private static final String ARTEFACT = "model.onnx";

  private CorrectionStage() {}

  static Stage run(RunContext run, Stage student) {
    List<String> unseen = run.recipe().student().omit();
    return run.folder()
        .stage(
            run.named(ModelNames.CORRECTED),
            StageKind.CORRECTION,
            ARTEFACT,
            List.of(student.sha256(), run.data().validation().data().sha256(), unseen.toString()),
            target -> {
              Graph net = OnnxReader.read(student.artefact());
              PriorBias corrected =
                  PriorBias.correct(net, run.data().validation(), unseen, run.threads());
              Map<String, Double> figures = new LinkedHashMap<>();
              List<String> classes = run.data().validation().data().classes();
              for (String name : unseen) {
                double moved = corrected.moved().get(classes.indexOf(name));
                figures.put("moved_" + name, moved);
                run.says("bias of class '%s': moved by %+.3f".formatted(name, moved));
              }
              Map<String, String> lineage = Map.of("student", student.sha256());
              OnnxWriter.write(Metadata.withLineage(corrected.model(), lineage), target);
              return new RunFolder.Made(figures);
            });
  }
}
