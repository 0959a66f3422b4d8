package org.distill4j.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.junit.jupiter.api.Test;

/** Rules about what a recipe asks for. */
class RecipeRulesTest {
  private static final MeasuredGain BETTER = new MeasuredGain(0.05, true, 10_000);

  @Test
  void temperatureStart_givenAndNotFound_speaks() {
    Advice advice = new TemperatureStartRule(1, false).advice().orElseThrow();
    assertThat(advice.rule()).isEqualTo(RuleOfThumb.TEMPERATURE_START);
    assertThat(advice.value()).isEqualTo(1.0);
    assertThat(advice.says()).startsWith("T = 1 was given, not found; try search:");
  }

  @Test
  void temperatureStart_atFiveOrSearched_isSilent() {
    assertThat(new TemperatureStartRule(5, false).advice()).isEmpty();
    assertThat(new TemperatureStartRule(1, true).advice()).isEmpty();
  }

  @Test
  void temperatureAtEdge_bestIsLastOrFirst_speaks() {
    assertThat(new TemperatureAtEdgeRule(List.of(2.0, 5.0, 10.0), 10).advice().orElseThrow().says())
        .isEqualTo("the best T of the sweep, 10, is its highest; add 15 and 20");
    assertThat(new TemperatureAtEdgeRule(List.of(3.0, 5.0), 3).advice().orElseThrow().says())
        .isEqualTo("the best T of the sweep, 3, is its lowest; add 1.5");
  }

  @Test
  void temperatureAtEdge_bestIsInsideOrOne_isSilent() {
    assertThat(new TemperatureAtEdgeRule(List.of(2.0, 5.0, 10.0), 5).advice()).isEmpty();
    assertThat(new TemperatureAtEdgeRule(List.of(1.0, 2.0, 5.0), 1).advice()).isEmpty(); // T >= 1
    assertThat(new TemperatureAtEdgeRule(List.of(4.0, 4.0), 4).advice()).isEmpty();
  }

  @Test
  void labelQuality_noisyLabelsMuchTrusted_proposesLess() {
    Advice advice = new LabelQualityRule(0.7, 0.08, 1, 1, Optional.empty()).advice().orElseThrow();
    assertThat(advice.value()).isEqualTo(0.08);
    assertThat(advice.says())
        .isEqualTo(
            "labels have 70.0 % of the weight, though the teacher surely contradicts 8.0 % of them;"
                + " try hard: 0.3, soft: 0.7");
    assertThat(new LabelQualityRule(0.7, 0, 40, 1, Optional.empty()).advice().orElseThrow().says())
        .contains("the commonest class is 40 times as frequent as the rarest");
  }

  @Test
  void labelQuality_cleanLabelsHardlyTrusted_proposesMore() {
    assertThat(
            new LabelQualityRule(0.1, 0.01, 1, 1, Optional.empty()).advice().orElseThrow().says())
        .endsWith("have 10.0 % of the weight; try hard: 0.7, soft: 0.3");
  }

  @Test
  void labelQuality_weightSuitsOrLabelsAreScarceOrItPays_isSilent() {
    assertThat(new LabelQualityRule(0.7, 0.01, 1, 1, Optional.empty()).advice()).isEmpty();
    assertThat(new LabelQualityRule(0.1, 0.08, 1, 1, Optional.empty()).advice()).isEmpty();
    assertThat(new LabelQualityRule(0.1, 0.01, 1, 0.1, Optional.empty()).advice()).isEmpty();
    assertThat(new LabelQualityRule(0.1, 0.01, 1, 1, Optional.of(BETTER)).advice()).isEmpty();
  }

  @Test
  void capacity_smallStudent_speaks() {
    assertThat(new CapacityRule(1_000_000, 100_000, Optional.empty()).advice().orElseThrow().says())
        .startsWith("the student has 1/10 of the teacher's parameters");
    assertThat(new CapacityRule(1_000_000, 10_000, Optional.empty()).advice().orElseThrow().says())
        .contains("go in steps with a net of middle size");
  }

  @Test
  void capacity_largeEnoughOrGainMeasured_isSilent() {
    assertThat(new CapacityRule(1_000_000, 200_000, Optional.empty()).advice()).isEmpty();
    assertThat(new CapacityRule(1_000_000, 10_000, Optional.of(BETTER)).advice()).isEmpty();
  }

  @Test
  void family_depthwiseWithoutResiduals_speaks() {
    Graph net = new DsCnn(16, 2, List.of(3, 3), 1, 0).build(Shape.of(1, 28, 28), 10, 1);
    assertThat(FamilyRule.of(net, Optional.empty()).advice().orElseThrow().value()).isEqualTo(2);
    assertThat(FamilyRule.of(net, Optional.of(0.9)).advice()).isPresent();
  }

  @Test
  void family_invertedResidualsOrPlainOrKeepsUp_isSilent() {
    Graph v2 = new MobileNetV2(0.25, 6).build(Shape.of(3, 32, 32), 10, 1);
    assertThat(FamilyRule.of(v2, Optional.empty()).residuals()).isPositive();
    assertThat(FamilyRule.of(v2, Optional.empty()).advice()).isEmpty();
    Graph plain = new Mlp(List.of(8), 0).build(Shape.of(4), 3, 1);
    assertThat(FamilyRule.of(plain, Optional.empty()).advice()).isEmpty();
    assertThat(new FamilyRule(5, 0, Optional.of(0.99)).advice()).isEmpty();
  }

  @Test
  void logits_modelEndsInSoftmax_speaks() {
    assertThat(new LogitsRule("teacher", "Softmax").advice().orElseThrow().says())
        .startsWith("the teacher's file ends in a softmax");
  }

  @Test
  void logits_modelEndsInGemm_isSilent() {
    Graph net = new Mlp(List.of(8), 0).build(Shape.of(4), 3, 1);
    assertThat(LogitsRule.of("teacher", net).end()).isNotEqualTo("Softmax").isNotEmpty();
    assertThat(LogitsRule.of("teacher", net).advice()).isEmpty();
  }

  @Test
  void cache_sameQuestionAgain_speaksOfTheWaste() {
    Advice advice = new CacheRule(24, false, 5).advice().orElseThrow();
    assertThat(advice.value()).isEqualTo(115.0); // 23 passes of 5 s
    assertThat(advice.says()).contains("asked 24 times", "saves about 115 s");
  }

  @Test
  void cache_askedOnceOrOfOtherViews_isSilent() {
    assertThat(new CacheRule(1, false, 5).advice()).isEmpty();
    assertThat(new CacheRule(24, true, 5).advice()).isEmpty();
  }

  @Test
  void rules_haveIdsAsRecipesSpellThem() {
    assertThat(RuleOfThumb.TEMPERATURE_AT_EDGE.id()).isEqualTo("temperature-at-edge");
    assertThat(RuleOfThumb.values()).allSatisfy(r -> assertThat(r.says()).isNotBlank());
  }
}
