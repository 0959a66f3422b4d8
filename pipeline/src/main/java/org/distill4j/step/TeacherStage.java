package org.distill4j.step;

import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.distill.Teacher;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.TeacherSettings;
import org.distill4j.settings.StepKey;

/** Makes the teacher: trains it on every training label, or takes it from a file. */
public final class TeacherStage {
  private static final String ARTEFACT = "model.onnx";

  /** How a file is read; the number rises when the same file becomes another teacher. */
  private static final int READING = 2;

  private TeacherStage() {}

  public static Stage run(RunEnvironment run) {
    TeacherSettings settings = run.recipe().teacher();
    return settings.file().isPresent() ? taken(run, settings) : trained(run, settings);
  }

  private static Stage trained(RunEnvironment run, TeacherSettings settings) {
    Dataset train = run.data().train().data();
    return run.stage(
        ModelNames.TEACHER,
        ARTEFACT,
        key(run, settings),
        target ->
            StudentStage.fit(
                run.trainer(
                        run.named(ModelNames.TEACHER),
                        ModelNames.TEACHER,
                        run.data(),
                        Nets.build(
                            settings.net().orElseThrow(), train, run.seedOf(ModelNames.TEACHER)),
                        settings.train().orElseThrow())
                    .views(run.teacherViews()),
                Map.of("data", run.dataDigest()),
                target));
  }

  /** What a teacher that is trained here is made from. */
  public static StepKey key(RunEnvironment run, TeacherSettings settings) {
    StepKey key = StageKind.TEACHER.key().with("net", settings.net());
    return run.trained(key, settings.train().orElseThrow(), run.teacherViews());
  }

  /** A teacher from elsewhere, cut back to logits and told what it was not told before. */
  private static Stage taken(RunEnvironment run, TeacherSettings settings) {
    TeacherFile given = TeacherFile.read(settings);
    StepKey key =
        StageKind.TEACHER
            .key()
            .from("file", given.sha256())
            .from("data", run.dataDigest())
            .with("reading", READING)
            .with("preprocessing", settings.preprocessing())
            .with("answers", settings.answers())
            .with("classes", settings.classes());
    return run.stage(
        ModelNames.TEACHER,
        ARTEFACT,
        key,
        target -> {
          Graph graph = given.teacher(settings, run.data().train().data()).model();
          String answers = graph.metadata().get(Teacher.ANSWERS);
          if (answers != null) {
            run.says("teacher: taken as logits: " + answers);
          }
          OnnxWriter.write(graph, target);
          return new RunFolder.Made(StepResult.NOTHING);
        });
  }
}
