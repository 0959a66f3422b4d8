package org.distill4j.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.step.StepResult.BiasResult;
import org.distill4j.step.StepResult.ExportResult;
import org.distill4j.step.StepResult.LabelResult;
import org.distill4j.step.StepResult.OnValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of figures are those that results.json has always had. */
class StepResultTest {
  @TempDir Path folder;

  private StepResult readAgain(StepResult result) {
    StageRecord record = new StageRecord(2, "k", "a", "s", 1, List.of(), List.of(), result, null);
    Path file = folder.resolve("stage.json");
    record.write(file);
    assertThat(file).content().contains("\"figures\"");
    StageRecord again = StageRecord.read(file).orElseThrow();
    assertThat(again.figures()).isEqualTo(record.figures());
    return again.result();
  }

  private static Map<String, Double> figures(Object... pairs) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      figures.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
    }
    return figures;
  }

  @Test
  void figures_ofATraining_areItsEpochItsSpeedAndItsZeros() {
    TrainingResult found =
        new TrainingResult(
            3,
            new TrainingResult.Speed(100, 2, .5, Map.of("views", 1.5)),
            new TrainingResult.Zeros(.75, 900, 400));
    assertThat(found.figures())
        .isEqualTo(
            figures(
                "kept_epoch", 3,
                "images_per_s", 100,
                "steps_seconds", 2,
                "waited_seconds", .5,
                "preparing_views_seconds", 1.5,
                "zeros", .75,
                "gzip_bytes_before", 900,
                "gzip_bytes", 400));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofATrainingThatWasThereFromBefore_areItsEpochAlone() {
    TrainingResult found = new TrainingResult(3, null, null);
    assertThat(found.figures()).isEqualTo(figures("kept_epoch", 3));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofLabels_areTheTeachersAccuracyAndTheSpeed() {
    LabelResult found = new LabelResult(.9, 50.0);
    assertThat(found.figures())
        .isEqualTo(figures("teacher_validation_accuracy", .9, "images_per_s", 50));
    assertThat(readAgain(found)).isEqualTo(found);
    assertThat(readAgain(new LabelResult(.9, null)).figures())
        .isEqualTo(figures("teacher_validation_accuracy", .9));
  }

  @Test
  void figures_ofCorrectedBiases_areWhatEachWasMovedBy() {
    BiasResult found = new BiasResult(Map.of("three", -.25));
    assertThat(found.figures()).isEqualTo(figures("moved_three", -.25));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofACut_areBothModelsTheWidthsAndTheCurves() {
    CutResult found =
        new CutResult(
            new OnValidation(.5, .8),
            new OnValidation(.6, .7),
            .25,
            1000,
            20_000,
            List.of(new CutResult.Width("conv1", 8, 6)),
            List.of(new CutResult.Alone("conv1", .5, new OnValidation(.9, .6))));
    assertThat(found.figures())
        .isEqualTo(
            figures(
                "validation_loss_before", .5,
                "validation_accuracy_before", .8,
                "validation_loss", .6,
                "validation_accuracy", .7,
                "ratio", .25,
                "parameters", 1000,
                "macs", 20_000,
                "channels_conv1_before", 8,
                "channels_conv1", 6,
                "accuracy_without_0.5_of_conv1", .6));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofACutWhereNumbersAreTold_haveNoAccuracy() {
    OnValidation loss = new OnValidation(.5, null);
    CutResult found =
        new CutResult(
            loss, loss, .25, 1, 1, List.of(), List.of(new CutResult.Alone("conv1", .5, loss)));
    assertThat(found.figures())
        .containsKey("loss_without_0.5_of_conv1")
        .doesNotContainKeys("validation_accuracy", "validation_accuracy_before");
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofIntegers_areBothModelsAndWhatTrainingBrought() {
    QuantizationResult found =
        new QuantizationResult(
            8,
            .8,
            .82,
            .97,
            new OnValidation(.7, .75),
            List.of(new QuantizationResult.Taught(4, .8, .6)),
            4.0,
            .5);
    assertThat(found.figures())
        .isEqualTo(
            figures(
                "weight_bits", 8,
                "validation_accuracy", .8,
                "float_validation_accuracy", .82,
                "answers_as_float", .97,
                "untrained_validation_accuracy", .75,
                "untrained_validation_loss", .7,
                "validation_accuracy_T4.0", .8,
                "validation_loss_T4.0", .6,
                "temperature", 4,
                "time_beside_float", .5));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofAnExport_areEachFormsProof() {
    ExportResult found =
        new ExportResult(List.of(new ExportResult.Form("tflite", 100, 1e-6, 1, 5)));
    assertThat(found.figures())
        .isEqualTo(
            figures(
                "tflite.examples", 100,
                "tflite.difference", 1e-6,
                "tflite.agreement", 1,
                "tflite.bytes", 5));
    assertThat(readAgain(found)).isEqualTo(found);
  }

  @Test
  void figures_ofAStepThatMeasuresNothing_areNone() {
    assertThat(StepResult.NOTHING.figures()).isEmpty();
    assertThat(readAgain(StepResult.NOTHING)).isEqualTo(StepResult.NOTHING);
  }
}
