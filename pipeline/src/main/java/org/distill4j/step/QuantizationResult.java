package org.distill4j.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.eval.Evaluation;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.qat.QuantizationAwareTraining;

/**
 * What making a model of integers found, on validation.
 *
 * @param weightBits of its integers
 * @param accuracy the model's
 * @param floatAccuracy the float model's
 * @param agreement how often both answer the same, 0 to 1
 * @param untrained the best without training; null where nothing was trained on
 * @param taught what each temperature brought; empty where none was tried
 * @param temperature the one that was taken; null where none was
 * @param timeBesideFloat its time as a share of the float model's; null where none was measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record QuantizationResult(
    int weightBits,
    double accuracy,
    double floatAccuracy,
    double agreement,
    StepResult.OnValidation untrained,
    List<Taught> taught,
    Double temperature,
    Double timeBesideFloat)
    implements StepResult {
  /** What training on at a temperature brought. */
  record Taught(double temperature, double accuracy, double loss) {}

  /**
   * Of a model that was just made.
   *
   * @param timeBesideFloat null where none was measured
   */
  static QuantizationResult of(PostTraining.Quantized made, Double timeBesideFloat) {
    List<Taught> taught =
        made.taught().stream()
            .filter(trial -> trial.temperature().isPresent())
            .map(
                trial -> {
                  Evaluation found = trial.found();
                  return new Taught(trial.temperature().get(), found.accuracy(), found.loss());
                })
            .toList();
    return new QuantizationResult(
        made.weightBits(),
        made.best().found().accuracy(),
        made.floatAccuracy(),
        made.best().agreement(),
        made.taught().isEmpty() ? null : OnValidation.of(made.untrained().found()),
        taught,
        made.best().training().flatMap(QuantizationAwareTraining.Trial::temperature).orElse(null),
        timeBesideFloat);
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("weight_bits", (double) weightBits);
    figures.put("validation_accuracy", accuracy);
    figures.put("float_validation_accuracy", floatAccuracy);
    figures.put("answers_as_float", agreement);
    if (untrained != null) {
      if (untrained.accuracy() != null) {
        figures.put("untrained_validation_accuracy", untrained.accuracy());
      }
      figures.put("untrained_validation_loss", untrained.loss());
    }
    for (Taught each : taught) {
      figures.put("validation_accuracy_T" + each.temperature, each.accuracy);
      figures.put("validation_loss_T" + each.temperature, each.loss);
    }
    if (temperature != null) {
      figures.put("temperature", temperature);
    }
    if (timeBesideFloat != null) {
      figures.put("time_beside_float", timeBesideFloat);
    }
    return figures;
  }
}
