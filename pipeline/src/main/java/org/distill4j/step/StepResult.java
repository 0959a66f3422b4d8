package org.distill4j.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.eval.Evaluation;

/**
 * What a step found while it made its artefact: a record for each kind of step. Readers of {@code
 * stage.json} and {@code results.json} see it as {@link #figures}; {@code stage.json} holds the
 * record too, so that a step which is taken from an earlier run says the same.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StepResult.NothingFound.class, name = "nothing"),
  @JsonSubTypes.Type(value = TrainingResult.class, name = "training"),
  @JsonSubTypes.Type(value = StepResult.LabelResult.class, name = "labels"),
  @JsonSubTypes.Type(value = StepResult.BiasResult.class, name = "correction"),
  @JsonSubTypes.Type(value = CutResult.class, name = "pruning"),
  @JsonSubTypes.Type(value = QuantizationResult.class, name = "quantization"),
  @JsonSubTypes.Type(value = StepResult.ExportResult.class, name = "export")
})
public sealed interface StepResult
    permits StepResult.NothingFound,
        StepResult.LabelResult,
        StepResult.BiasResult,
        StepResult.ExportResult,
        TrainingResult,
        CutResult,
        QuantizationResult {
  /** Of a step that measures nothing. */
  StepResult NOTHING = new NothingFound();

  /** Its numbers by the names that readers know. */
  Map<String, Double> figures();

  /** A step that measures nothing. */
  record NothingFound() implements StepResult {
    @Override
    public Map<String, Double> figures() {
      return Map.of();
    }
  }

  /**
   * Of labels.
   *
   * @param teacherAccuracy the teacher's on validation
   * @param imagesPerSecond null where all labels were there from before
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LabelResult(double teacherAccuracy, Double imagesPerSecond) implements StepResult {
    @Override
    public Map<String, Double> figures() {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("teacher_validation_accuracy", teacherAccuracy);
      if (imagesPerSecond != null) {
        figures.put("images_per_s", imagesPerSecond);
      }
      return figures;
    }
  }

  /**
   * Of biases that were corrected.
   *
   * @param moved by how much that of each class was moved
   */
  record BiasResult(Map<String, Double> moved) implements StepResult {
    @Override
    public Map<String, Double> figures() {
      Map<String, Double> figures = new LinkedHashMap<>();
      moved.forEach((name, by) -> figures.put("moved_" + name, by));
      return figures;
    }
  }

  /** Of an export. */
  record ExportResult(List<Form> forms) implements StepResult {
    /**
     * One form, beside the model that it was written of.
     *
     * @param form as recipes spell it
     * @param examples compared
     * @param difference the largest, of outputs
     * @param agreement how often both answer the same, 0 to 1
     * @param bytes of the model's files, without a demo page or C text
     */
    record Form(String form, int examples, double difference, double agreement, long bytes) {}

    @Override
    public Map<String, Double> figures() {
      Map<String, Double> figures = new LinkedHashMap<>();
      for (Form form : forms) {
        figures.put(form.form + ".examples", (double) form.examples);
        figures.put(form.form + ".difference", form.difference);
        figures.put(form.form + ".agreement", form.agreement);
        figures.put(form.form + ".bytes", (double) form.bytes);
      }
      return figures;
    }
  }

  /**
   * How good a model was on validation.
   *
   * @param accuracy null where there are numbers to tell, which have none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OnValidation(double loss, Double accuracy) {
    static OnValidation of(Evaluation found) {
      return new OnValidation(
          found.loss(), Double.isNaN(found.accuracy()) ? null : found.accuracy());
    }

    void into(Map<String, Double> figures, String when) {
      figures.put("validation_loss" + when, loss);
      if (accuracy != null) {
        figures.put("validation_accuracy" + when, accuracy);
      }
    }
  }
}
