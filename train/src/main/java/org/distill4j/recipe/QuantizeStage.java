package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.distill.Teaching;
import org.distill4j.distill.Trained;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.quantize.Form;
import org.distill4j.quantize.Int8Speed;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.TargetMachine;

/** Makes a student one of 8-bit integers, and trains it on if that is asked for. */
final class QuantizeStage {
  static final String NAME = "student-int8";
  private static final String ARTEFACT = "model.onnx";

  private QuantizeStage() {}

  /**
   * Makes it.
   *
   * @param name of the stage
   * @param teaching how the student heard its teacher, for where it is trained on
   */
  static Stage run(
      RunContext run,
      String name,
      QuantizeSettings settings,
      Optional<Teaching> teaching,
      Stage student) {
    Optional<RoundedLesson> lesson =
        settings.train().map(aware -> new RoundedLesson(run, name, aware, teaching));
    List<String> inputs = new ArrayList<>();
    inputs.addAll(
        List.of(
            student.sha256(),
            run.dataDigest(),
            settings.toString(),
            target(run).spelling() + " " + settings.integers(target(run))));
    lesson.ifPresent(l -> inputs.addAll(l.inputs()));
    return run.folder()
        .stage(
            run.named(name),
            StageKind.QUANTIZATION,
            ARTEFACT,
            inputs,
            target -> make(run, name, settings, lesson, student, target));
  }

  private static RunFolder.Made make(
      RunContext run,
      String name,
      QuantizeSettings settings,
      Optional<RoundedLesson> lesson,
      Stage student,
      Path target) {
    PostTraining.Quantized made =
        PostTraining.of(
            OnnxReader.read(student.artefact()),
            run.lessons(),
            settings,
            target(run),
            lesson.map(l -> l.school(target)),
            run.threads(),
            run.listener());
    Map<String, String> lineage = new LinkedHashMap<>();
    lesson.ifPresent(l -> lineage.putAll(l.lineage()));
    lineage.put("student", student.sha256());
    OnnxWriter.write(Metadata.withLineage(made.best().graph(), lineage), target);
    run.says(name + ": taken, " + made.best().summary());
    Optional<Trained> shown =
        made.best().training().or(() -> made.taught().stream().findFirst()).map(t -> t.trained());
    return new RunFolder.Made(
        shown.map(Trained::epochs).orElse(List.of()),
        shown.map(Trained::health).orElse(List.of()),
        figures(made),
        Deployed.parity(run, name, made.best().graph()));
  }

  /** What it will do, in a line for each model. */
  static List<String> plan(Recipe recipe, QuantizeSettings settings, long examples) {
    List<String> lines = new ArrayList<>();
    lines.add(NAME + ": " + says(settings, recipe.target(), examples) + RoundedLesson.plan(recipe));
    lines.add("  target " + Int8Speed.told(recipe.target()));
    if (recipe.baselines().contains(Baseline.ALONE_INT8)) {
      lines.add(Baseline.ALONE_INT8.model() + ": the same made of " + Baseline.ALONE.model());
    }
    return lines;
  }

  private static String says(QuantizeSettings settings, TargetMachine target, long examples) {
    int bits = settings.integers(target).weightBits();
    String form =
        settings.form() == Form.DYNAMIC
            ? "ranges found at each run"
            : String.format(
                Locale.ROOT, "ranges from %,d examples", Math.min(settings.samples(), examples));
    return String.format(
        Locale.ROOT,
        "8-bit integers, %s, weights of %d bits%s%s",
        form,
        bits,
        settings
            .maxDrop()
            .map(
                drop ->
                    String.format(
                        Locale.ROOT, ", repaired until %.2f points are lost at most", 100 * drop))
            .orElse(""),
        target == TargetMachine.HERE ? "" : ", for target " + target.spelling());
  }

  private static TargetMachine target(RunContext run) {
    return run.recipe().target();
  }

  private static Map<String, Double> figures(PostTraining.Quantized made) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("weight_bits", (double) made.weightBits());
    figures.put("validation_accuracy", made.best().found().accuracy());
    figures.put("float_validation_accuracy", made.floatAccuracy());
    figures.put("answers_as_float", made.best().agreement());
    figures.putAll(RoundedLesson.figures(made));
    return figures;
  }
}
