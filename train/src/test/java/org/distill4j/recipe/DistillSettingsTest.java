package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistillSettingsTest {
  @Test
  void alpha_isTheWeightOfTheHardLoss() {
    assertThat(DistillSettings.alpha(0.1)).isEqualTo(List.of(0.1, 0.9));
    assertThat(DistillSettings.alpha(0.9)).isEqualTo(List.of(0.9, 0.1)); // 1 - 0.9 in decimals
    assertThat(DistillSettings.alpha(1)).isEqualTo(List.of(1.0, 0.0));
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
    "0, 0, 5, 'hard, soft: 0.0, 0.0 (expected: one of them > 0)'",
    "0.1, 0.9, 0, 'temperature: 0.0 (expected: > 0)'",
    "0.1, 0.9, NaN, 'temperature: NaN (expected: > 0)'",
  })
  void settings_beyondTheBounds_areRefused(double hard, double soft, double t, String message) {
    assertThatThrownBy(() -> new DistillSettings(hard, soft, t, LabelSource.cached()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
