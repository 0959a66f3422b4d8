package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.schedule.Confidence;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.DistilFirst;
import org.distill4j.schedule.Linear;
import org.distill4j.schedule.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistillSettingsTest {
  @Test
  void alpha_isTheWeightOfTheHardLoss() {
    assertThat(DistillSettings.alpha(0.1)).isEqualTo(constants(0.1, 0.9));
    assertThat(DistillSettings.alpha(0.9)).isEqualTo(constants(0.9, 0.1)); // 1 - 0.9 in decimals
    assertThat(DistillSettings.alpha(1)).isEqualTo(constants(1, 0));
  }

  private static List<Schedule> constants(double hard, double soft) {
    return List.of(new Constant(hard), new Constant(soft));
  }

  @Test
  void objective_ofConstants_isSpelledAsItsDigestsHaveIt() {
    assertThat(new DistillSettings(0.1, 0.9, 2, LabelSource.cached()).objective())
        .hasToString("Objective[hard=0.1, soft=0.9, temperature=2.0]");
  }

  @Test
  void weights_byPreset_addToOneThroughout() {
    for (DistillSettings.Preset preset : DistillSettings.Preset.values()) {
      List<Schedule> both = DistillSettings.weights(preset);
      for (double u : List.of(0.0, 0.1, 0.3, 0.7, 1.0)) {
        assertThat(both.get(0).at(u) + both.get(1).at(u)).isCloseTo(1, within(1e-15));
      }
    }
  }

  @Test
  void hard_byPreset_isWhatTheSoftWeightLeaves() {
    DistillSettings settings =
        new DistillSettings(
            new DistilFirst(0.9, 0.1),
            new DistilFirst(0.9, 0.1),
            new Constant(4),
            LabelSource.cached());
    assertThat(settings.hard()).isEqualTo(new Linear(0.1, 0.9, 0, 1));
    assertThat(settings.formula())
        .isEqualTo(
            "hard linear 0.1 -> 0.9 x cross-entropy + soft distil-first 0.9 -> 0.1 x T² x KL, T = 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "soft: {linear: {from: 0.9, to: 1.2}} | soft: linear 0.9 -> 1.2 (expected: 0 to 1 throughout)",
        "hard: {step: {values: [0.5, -0.1]}} | hard: step 0.5 -> -0.1 (expected: 0 to 1 throughout)",
        "temperature: {cosine: {from: 4, to: 0.5}} | temperature: cosine 4 -> 0.5 (expected: T >= 1 throughout)",
        "soft: curriculum | soft: curriculum 2 -> 10 (expected: 0 to 1 throughout)",
        "temperature: warm-up | temperature: warm-up 0 -> 0.9 between 0 % and 30 % of the run (expected: T >= 1 throughout)",
        "temperature: {linear: {from: 2, to: 4, start: 0.5, end: 0.5}} | temperature.linear.start, end: 0.5, 0.5 (expected: 0 <= start < end <= 1)",
        "soft: {step: {values: [1]}} | soft.step.values: [1.0] (expected: at least two)",
        "temperature: {curriculum: {low: 2, high: 3}} | temperature.curriculum.high: 3 (expected: >= low + 3 = 5)",
        "temperature: {confidence: {base: 30}} | temperature.confidence.base: 30.0 (expected: 1 to 20)",
      })
  void schedule_leavingItsBounds_isRefusedInOneLineAtReading(String setting, String fault) {
    String text =
        Recipes.text("good.yaml").replace("  alpha: 0.1\n  temperature: 2", "  " + setting);
    assertThatThrownBy(() -> RecipeReader.parse(text, "r.yaml", Path.of("/"), List.of()))
        .isInstanceOf(InputFault.class)
        .hasMessage("r.yaml:21 distill." + fault);
  }

  @Test
  void read_everySchedule_isWrittenAndReadAgain() {
    Recipe recipe =
        RecipeReader.parse(
            Recipes.text("good.yaml").replaceAll("(?m)^  alpha:.*\n", ""),
            "r.yaml",
            Path.of("/"),
            List.of(
                "distill.hard={step: {values: [0.1, 0.5, 0.9]}}",
                "distill.soft={cosine: {from: 0.9, to: 0.1}}",
                "distill.temperature=confidence"));
    Recipe again = RecipeReader.parse(RecipeWriter.text(recipe), "w.yaml", Path.of("/"), List.of());
    assertThat(again).isEqualTo(recipe);
    assertThat(recipe.distill().temperature()).isEqualTo(new Confidence(5, 5));
  }

  @Test
  void formula_namesBothWeights() {
    assertThat(new DistillSettings(0.1, 0.9, 5, LabelSource.cached()).formula())
        .isEqualTo("hard 0.1 x cross-entropy + soft 0.9 x T² x KL, T = 5");
  }

  @ParameterizedTest
  @CsvSource({
    "-0.1, 0.9, 5, 'hard: -0.1 (expected: >= 0)'",
    "NaN, 0.9, 5, 'hard: NaN (expected: >= 0)'",
    "0.1, Infinity, 5, 'soft: Infinity (expected: >= 0)'",
    "0, 0, 5, 'hard, soft: 0, 0 (expected: one of them > 0)'",
    "0.1, 0.9, 0, 'temperature: 0 (expected: > 0)'",
    "0.1, 0.9, NaN, 'temperature: NaN (expected: > 0)'",
  })
  void settings_beyondTheBounds_areRefused(double hard, double soft, double t, String message) {
    assertThatThrownBy(() -> new DistillSettings(hard, soft, t, LabelSource.cached()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
