package org.distill4j.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.distill.Teacher;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.onnx.OnnxWriter;

/** Makes the teacher: trains it on every training label, or takes it from a file. */
final class TeacherStage {
  private static final String ARTEFACT = "model.onnx";

  private TeacherStage() {}

  static Stage run(RunContext run) {
    TeacherSettings settings = run.recipe().teacher();
    return settings.file().isPresent() ? taken(run, settings) : trained(run, settings);
  }

  private static Stage trained(RunContext run, TeacherSettings settings) {
    Dataset train = run.data().train().data();
    List<String> inputs =
        new ArrayList<>(
            List.of(settings.origin(), run.dataDigest(), run.seedText(), run.threadsText()));
    inputs.addAll(RunContext.inputs(run.teacherViews()));
    inputs.addAll(train.arrangement());
    return run.folder()
        .stage(
            run.named(ModelNames.TEACHER),
            StageKind.TEACHER,
            ARTEFACT,
            inputs,
            target ->
                StudentStage.fit(
                    run.trainer(
                            run.named(ModelNames.TEACHER),
                            ModelNames.TEACHER,
                            run.data(),
                            Nets.build(
                                settings.net().orElseThrow(),
                                train,
                                run.seedOf(ModelNames.TEACHER)),
                            settings.train().orElseThrow())
                        .views(run.teacherViews()),
                    Map.of("data", run.dataDigest()),
                    target));
  }

  /** A teacher from elsewhere, cut back to logits and told what it was not told before. */
  private static Stage taken(RunContext run, TeacherSettings settings) {
    TeacherFile given = TeacherFile.read(settings);
    Optional<Preprocessing> preprocessing = settings.preprocessing();
    return run.folder()
        .stage(
            run.named(ModelNames.TEACHER),
            StageKind.TEACHER,
            ARTEFACT,
            List.of(given.sha256(), preprocessing.toString(), run.dataDigest()),
            target -> {
              Graph graph = given.graph();
              Graph told =
                  preprocessing.map(p -> Metadata.withPreprocessing(graph, p)).orElse(graph);
              OnnxWriter.write(Teacher.of(told, run.data().train().data()).model(), target);
              return new RunFolder.Made(Map.of());
            });
  }
}
