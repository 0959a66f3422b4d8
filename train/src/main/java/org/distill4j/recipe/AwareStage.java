package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.distill.Objective;
import org.distill4j.distill.Teaching;
import org.distill4j.distill.Trained;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.parity.Parity;
import org.distill4j.quantize.AwareSettings;
import org.distill4j.quantize.AwareTraining;
import org.distill4j.quantize.Calibrated;
import org.distill4j.quantize.IntegerForm;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.schedule.Constant;

/**
 * Makes the student one of integers by training it on while it rounds as they will, with what it
 * learned from before. Each T keeps a checkpoint of its own: a stage that was cut off goes on where
 * it was.
 */
final class AwareStage {
  private static final String ARTEFACT = "model.onnx";

  /** How many steps of the float student one step takes as long as, roughly. */
  private static final double STEP = 2;

  private final RunContext run;
  private final QuantizeSettings settings;
  private final AwareSettings aware;
  private final Lesson lesson;

  /**
   * Prepares it.
   *
   * @param teaching how the student heard its teacher
   */
  AwareStage(
      RunContext run, QuantizeSettings settings, AwareSettings aware, Optional<Teaching> teaching) {
    this.run = run;
    this.settings = settings;
    this.aware = aware;
    this.lesson =
        new Lesson(
            QuantizeStage.NAME,
            teaching.isPresent() ? run.recipe().distill().objective() : Objective.LABELS_ONLY,
            run.labelled(),
            teaching);
  }

  /** What plans add to what becomes of the student; nothing where it is not trained on. */
  static String plan(Recipe recipe) {
    boolean isTaught = recipe.distill().objective().needsTeacher();
    return recipe
        .quantize()
        .flatMap(QuantizeSettings::train)
        .map(aware -> ", " + aware.says(recipe.student().train(), isTaught))
        .orElse("");
  }

  /** How many trainings of the float student it takes as long as, for all seeds. */
  static double runs(Recipe recipe) {
    boolean isTaught = recipe.distill().objective().needsTeacher();
    TrainSettings floats = recipe.student().train();
    return recipe.seeds().count()
        * recipe
            .quantize()
            .flatMap(QuantizeSettings::train)
            .map(
                aware ->
                    STEP
                        * aware.trainings(isTaught)
                        * aware.train(floats).epochs()
                        / floats.epochs())
            .orElse(0.0);
  }

  private IntegerForm form() {
    return settings.integers(run.recipe().target());
  }

  private TrainSettings training() {
    return aware.train(run.recipe().student().train());
  }

  /** Trains, and takes what validation likes best. */
  Stage run(Stage student) {
    List<String> inputs = new ArrayList<>(lesson.inputs());
    inputs.addAll(
        List.of(
            student.sha256(),
            run.dataDigest(),
            settings.toString(),
            run.recipe().target().spelling() + " " + form(),
            training().toString(),
            run.seedText(),
            run.threadsText()));
    inputs.addAll(RunContext.inputs(run.studentViews()));
    run.recipe().student().omit().forEach(name -> inputs.add("without " + name));
    return run.folder()
        .stage(
            run.named(QuantizeStage.NAME),
            StageKind.QUANTIZATION,
            ARTEFACT,
            inputs,
            target -> make(student, target));
  }

  private RunFolder.Made make(Stage student, Path target) {
    Calibrated ready =
        Calibrated.of(
            OnnxReader.read(student.artefact()),
            run.lessons().train().data(),
            settings.allRepairs(),
            form().weightBits(),
            settings.samples(),
            run.threads(),
            run.listener());
    AwareTraining.Outcome outcome =
        new AwareTraining(
                ready,
                form(),
                Set.copyOf(settings.keepFloat()),
                aware,
                run.lessons(),
                run.threads(),
                run.listener())
            .run(settings.observer(), (net, temperature) -> trainer(net, temperature, target));
    AwareTraining.Trial best = outcome.best();
    Map<String, String> lineage = new LinkedHashMap<>(lesson.lineage());
    lineage.put("student", student.sha256());
    OnnxWriter.write(Metadata.withLineage(best.graph(), lineage), target);
    run.says(QuantizeStage.NAME + ": taken, " + best.summary());
    Parity parity = Deployed.parity(run, QuantizeStage.NAME, best.graph());
    Trained shown = best.trained().orElseGet(() -> outcome.trials().get(1).trained().orElseThrow());
    return new RunFolder.Made(shown.epochs(), shown.health(), figures(outcome), parity);
  }

  private Trainer trainer(Graph net, Optional<Double> temperature, Path target) {
    Objective objective =
        temperature
            .map(t -> lesson.objective().temperature(new Constant(t)))
            .orElse(lesson.objective());
    String suffix = temperature.map(t -> "-T" + t).orElse("");
    Lesson own =
        new Lesson(QuantizeStage.NAME + suffix, objective, lesson.labelled(), lesson.teaching());
    return StudentStage.trainer(run, own, net, training())
        .checkpoint(target.resolveSibling("checkpoint" + suffix + ".safetensors"));
  }

  private Map<String, Double> figures(AwareTraining.Outcome outcome) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("weight_bits", (double) form().weightBits());
    figures.put("validation_accuracy", outcome.best().found().accuracy());
    figures.put("untrained_validation_accuracy", outcome.trials().get(0).found().accuracy());
    figures.put("untrained_validation_loss", outcome.trials().get(0).found().loss());
    outcome
        .trials()
        .forEach(
            trial ->
                trial
                    .temperature()
                    .ifPresent(
                        t -> {
                          figures.put("validation_accuracy_T" + t, trial.found().accuracy());
                          figures.put("validation_loss_T" + t, trial.found().loss());
                        }));
    outcome.best().temperature().ifPresent(t -> figures.put("temperature", t));
    return figures;
  }
}
