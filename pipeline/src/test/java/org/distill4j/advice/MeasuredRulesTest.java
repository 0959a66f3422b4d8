package org.distill4j.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.junit.jupiter.api.Test;

/** Rules about what a run measured. */
class MeasuredRulesTest {
  private static final MeasuredGain BETTER = new MeasuredGain(0.05, true, 10_000);

  /** Epochs with these validation losses. */
  private static List<Epoch> epochs(double trained, double validated, double... losses) {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      epochs.add(
          new Epoch(i + 1, 10L * (i + 1), 0.1, trained, losses[i], validated, 0.001, Double.NaN));
    }
    return epochs;
  }

  private static LayerHealth.OfEpoch health(int epoch, LayerHealth... layers) {
    return new LayerHealth.OfEpoch(epoch, List.of(layers));
  }

  @Test
  void distilFirst_contradictingTeacherFollowedToTheEnd_speaks() {
    Advice advice = new DistilFirstRule(0.12, 0.9, true, Optional.empty()).advice().orElseThrow();
    assertThat(advice.value()).isEqualTo(0.12);
    assertThat(advice.says()).contains("contradicts 12.0 %", "weights: distil-first");
  }

  @Test
  void distilFirst_scheduledOrAgreeingOrPaying_isSilent() {
    assertThat(new DistilFirstRule(0.12, 0.9, false, Optional.empty()).advice()).isEmpty();
    assertThat(new DistilFirstRule(0.02, 0.9, true, Optional.empty()).advice()).isEmpty();
    assertThat(new DistilFirstRule(0.12, 0.3, true, Optional.empty()).advice()).isEmpty();
    assertThat(new DistilFirstRule(0.12, 0.9, true, Optional.of(BETTER)).advice()).isEmpty();
  }

  @Test
  void weakTeacher_certainlyBelowWhatIsUsual_speaks() {
    // 0.70 + 2 sqrt(0.76 x 0.24 / 1000) = 0.727 < 0.76
    assertThat(new WeakTeacherRule(0.70, 1000, 0.76).advice().orElseThrow().says())
        .startsWith("not worth teaching yet")
        .contains("70.0 % of 1000", "expected: 76.0 %");
  }

  @Test
  void weakTeacher_goodOrNotCertainlyBelow_isSilent() {
    assertThat(new WeakTeacherRule(0.80, 1000, 0.76).advice()).isEmpty();
    assertThat(new WeakTeacherRule(0.74, 1000, 0.76).advice()).isEmpty();
    assertThat(WeakTeacherRule.usual("imagenet", "res-net")).contains(0.76);
    assertThat(WeakTeacherRule.usual("my-data", "cnn")).isEmpty();
  }

  @Test
  void unfitTeacher_stillLearningOrByHeartOrNervousOrBoastful_speaks() {
    UnfitTeacherRule learning = new UnfitTeacherRule(epochs(0.9, 0.9, 1.0, 0.8, 0.5, 0.4), 0, 0);
    assertThat(learning.slope()).isEqualTo(0.25, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(learning.advice().orElseThrow().says()).contains("still falls by 25.0 % an epoch");
    UnfitTeacherRule byHeart = new UnfitTeacherRule(epochs(1.0, 0.8, 0.5, 0.5), 0, 0);
    assertThat(byHeart.advice().orElseThrow().says()).contains("20.00 points better");
    Advice both = new UnfitTeacherRule(List.of(), 0.2, 0.15).advice().orElseThrow();
    assertThat(both.value()).isEqualTo(Map.of("flip_rate", 0.2, "calibration_error", 0.15));
    assertThat(both.says()).contains("changes 20.0 % of its answers", "off by 15.0 %");
  }

  @Test
  void unfitTeacher_settledAndCalm_isSilent() {
    assertThat(new UnfitTeacherRule(epochs(0.92, 0.9, 1, 0.5, 0.5, 0.5), 0.01, 0.02).advice())
        .isEmpty();
    assertThat(new UnfitTeacherRule(List.of(), 0.01, 0.02).advice()).isEmpty();
  }

  @Test
  void worseThanAlone_worseOrNoCertainGain_speaks() {
    assertThat(
            new WorseThanAloneRule(new MeasuredGain(-0.02, true, 1000))
                .advice()
                .orElseThrow()
                .says())
        .startsWith("distilling cost 2.00 points");
    assertThat(
            new WorseThanAloneRule(new MeasuredGain(0.003, false, 1000))
                .advice()
                .orElseThrow()
                .says())
        .startsWith("no certain gain")
        .contains("+0.30 points on 1000 examples");
  }

  @Test
  void worseThanAlone_ofNumbers_speaksOfTheirErrors() {
    assertThat(
            new WorseThanAloneRule(new MeasuredGain(-0.25, true, 100, true))
                .advice()
                .orElseThrow()
                .says())
        .startsWith("distilling cost 0.25 in mean absolute error");
  }

  @Test
  void worseThanAlone_certainGain_isSilent() {
    assertThat(new WorseThanAloneRule(BETTER).advice()).isEmpty();
    assertThat(new WorseThanAloneRule(new MeasuredGain(0.25, true, 100, true)).advice()).isEmpty();
  }

  @Test
  void labelsBringMore_allLabelsCertainlyBetter_speaks() {
    assertThat(new LabelsBringMoreRule(BETTER, 9600).advice().orElseThrow().says())
        .startsWith("the 9600 labels that the student did not see would have brought 5.00 points");
  }

  @Test
  void labelsBringMore_noDifferenceOrNoneMissing_isSilent() {
    assertThat(new LabelsBringMoreRule(new MeasuredGain(0.004, false, 10_000), 9600).advice())
        .isEmpty();
    assertThat(new LabelsBringMoreRule(BETTER, 0).advice()).isEmpty();
  }

  @Test
  void expectedGain_hardlyFasterOrMuchWorse_explainsTheGap() {
    assertThat(new ExpectedGainRule(0.1, 0.1, 1.2, 0.99).advice().orElseThrow().says())
        .contains("1.2 times as fast", "a call's fixed cost outweighs the work");
    assertThat(new ExpectedGainRule(0.1, 0.9, 1.1, 0.99).advice().orElseThrow().says())
        .contains("it saved parameters, not work");
    assertThat(new ExpectedGainRule(0.1, 0.1, 9, 0.9).advice().orElseThrow().value())
        .isEqualTo(Map.of("kept", 0.9));
  }

  @Test
  void expectedGain_asPromised_isSilent() {
    assertThat(new ExpectedGainRule(0.1, 0.1, 9, 0.99).advice()).isEmpty();
    assertThat(new ExpectedGainRule(0.9, 0.9, 1, 0.99).advice()).isEmpty(); // hardly smaller
    assertThat(new ExpectedGainRule(0.1, 0.1, Double.NaN, 0.99).advice()).isEmpty();
  }

  @Test
  void inputBound_waitingMuch_speaks() {
    Advice advice = new InputBoundRule("student", 3, 10).advice().orElseThrow();
    assertThat(advice.value()).isEqualTo(0.3);
    assertThat(advice.says())
        .startsWith("student waited for data 30.0 % of the time (3 s of 10 s)");
  }

  @Test
  void inputBound_waitingLittleOrNoStepTaken_isSilent() {
    assertThat(
            new InputBoundRule("student", 3, 10, Optional.of("reading"))
                .advice()
                .orElseThrow()
                .says())
        .startsWith(
            "student waited for data 30.0 % of the time (3 s of 10 s), most of it for reading;");
    assertThat(new InputBoundRule("student", 0.5, 10).advice()).isEmpty();
    assertThat(new InputBoundRule("student", 1.5, 4).advice()).isEmpty(); // not worth a word
    assertThat(new InputBoundRule("student", 0, 0).advice()).isEmpty();
  }

  @Test
  void trainingHealth_deadVanishedOrRunaway_namesLayerAndEpoch() {
    double none = Double.NaN;
    List<LayerHealth.OfEpoch> epochs =
        List.of(
            health(1, layer("relu", 0.1, none, none), layer("conv", none, 0.01, 0.1)),
            health(2, layer("relu", 0.7, none, none), layer("conv", none, 0.01, 0.1)),
            health(3, layer("relu", 0.9, none, none), layer("conv", none, 1e-12, 0.1)));
    Advice advice = new TrainingHealthRule("student", epochs, 0.4).advice().orElseThrow();
    assertThat(advice.says())
        .contains(
            "relu: 90.0 % of its units are dead since epoch 2",
            "conv: its gradient has vanished (1.0e-12 beside weights of 1.0e-01) since epoch 3");
    List<LayerHealth.OfEpoch> runaway =
        List.of(health(1, layer("conv", none, 0.01, 0.1)), health(2, layer("conv", none, 0.01, 2)));
    assertThat(new TrainingHealthRule("student", runaway, 0.4).advice().orElseThrow().says())
        .contains("conv: its weights are 20 times what they were since epoch 2");
  }

  @Test
  void trainingHealth_allAlive_isSilent() {
    double none = Double.NaN;
    assertThat(
            new TrainingHealthRule(
                    "student",
                    List.of(
                        health(1, layer("relu", 0.3, none, none), layer("conv", none, 0.01, 0.1))),
                    0.4)
                .advice())
        .isEmpty();
    assertThat(new TrainingHealthRule("student", List.of(), 0.4).advice()).isEmpty();
  }

  @Test
  void trainingHealth_everythingLearnedByHeart_isSilentAboutGradients() {
    List<LayerHealth.OfEpoch> epochs = List.of(health(1, layer("conv", Double.NaN, 1e-12, 0.1)));
    assertThat(new TrainingHealthRule("student", epochs, 1e-5).advice()).isEmpty();
    assertThat(new TrainingHealthRule("student", epochs, 0.1).advice()).isPresent();
  }

  private static LayerHealth layer(String name, double dead, double gradient, double weight) {
    return new LayerHealth(name, dead, gradient, weight);
  }
}
