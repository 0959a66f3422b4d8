package org.distill4j.step;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.distill4j.distill.Objective;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.quantize.QuantizeSettings;
import org.distill4j.quantize.qat.AwareSettings;
import org.distill4j.quantize.qat.QuantizationAwareTraining;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.schedule.Constant;
import org.distill4j.settings.StepKey;

/**
 * Quantization-aware training of a run's student: trains it on while it rounds as its integers
 * will, with what it learned from before. Each T keeps a checkpoint of its own: a stage that was
 * cut off goes on where it was.
 */
public final class QuantizationAwareStep {
  /** How many steps of the float student one step takes as long as, roughly. */
  private static final double STEP = 2;

  private final RunEnvironment run;
  private final AwareSettings aware;
  private final StudentSpec lesson;

  /**
   * Prepares it.
   *
   * @param student what results call what becomes of it
   * @param teaching how the student heard its teacher
   */
  QuantizationAwareStep(
      RunEnvironment run, String student, AwareSettings aware, Optional<TeacherSignal> teaching) {
    this.run = run;
    this.aware = aware;
    this.lesson =
        new StudentSpec(
            student,
            teaching.isPresent() ? run.recipe().distill().objective() : Objective.LABELS_ONLY,
            run.labelled(),
            teaching);
  }

  /** What plans add to what becomes of the student; nothing where it is not trained on. */
  static String plan(Recipe recipe) {
    boolean isTaught = recipe.distill().objective().needsTeacher();
    boolean isLast = recipe.quantize().flatMap(QuantizeSettings::maxDrop).isPresent();
    return recipe
        .quantize()
        .flatMap(QuantizeSettings::train)
        .map(aware -> aware.says(recipe.student().train(), isTaught))
        .map(says -> (isLast ? "; if no other repair does that, " : ", ") + says)
        .orElse("");
  }

  /** How many trainings of the float student it takes as long as at most, for all seeds. */
  public static double runs(Recipe recipe) {
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

  private TrainSettings training() {
    return aware.train(run.recipe().student().train());
  }

  /** Adds what the training depends on. */
  StepKey in(StepKey key) {
    return run.studying(lesson.in(key), training());
  }

  /** What the student is made from, by name, for its metadata. */
  Map<String, String> lineage() {
    return lesson.lineage();
  }

  /**
   * Who trains it.
   *
   * @param target beside it lie the checkpoints
   */
  QuantizationAwareTraining.School school(Path target) {
    return (net, temperature) -> trainer(net, temperature, target);
  }

  private Trainer trainer(Graph net, Optional<Double> temperature, Path target) {
    Objective objective =
        temperature
            .map(t -> lesson.objective().temperature(new Constant(t)))
            .orElse(lesson.objective());
    String suffix = temperature.map(t -> "-T" + t).orElse("");
    StudentSpec own =
        new StudentSpec(ModelNames.INT8 + suffix, objective, lesson.labelled(), lesson.teaching());
    return StudentStage.trainer(run, own, net, training())
        .checkpoint(target.resolveSibling("checkpoint" + suffix + ".safetensors"));
  }
}
