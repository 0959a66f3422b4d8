package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class ChanceLevelTest {
  private static final int N = 2000;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(41));

  /** So many examples, one in {@code every} of class 1. */
  private int[] rare(int every) {
    return IntStream.range(0, N).map(i -> i % every == 0 ? 1 : 0).toArray();
  }

  /** A model of two classes whose log odds are given. */
  private static ChanceLevel of(int[] truths, double[] odds) {
    ChanceAccumulator sum = new ChanceAccumulator(2);
    for (int i = 0; i < truths.length; i++) {
      sum.add(
          truths[i],
          odds[i] > 0 ? 1 : 0,
          Math.log1p(Math.exp(truths[i] == 1 ? -odds[i] : odds[i])));
    }
    return sum.level();
  }

  private double[] odds(int[] truths, double apart, double shift, double noise) {
    return IntStream.of(truths)
        .mapToDouble(t -> (t == 1 ? apart : -apart) + shift + noise * random.nextGaussian())
        .toArray();
  }

  @Test
  void level_figures_areThoseOfTheirDefinitions() {
    int classes = 3;
    ChanceAccumulator sum = new ChanceAccumulator(classes);
    int[] truths = new int[300];
    int[] answers = new int[300];
    double[] losses = new double[300];
    for (int i = 0; i < 300; i++) {
      truths[i] = random.nextInt(10) < 7 ? 0 : 1 + random.nextInt(2);
      answers[i] = random.nextInt(3) == 0 ? random.nextInt(classes) : truths[i];
      losses[i] = random.nextDouble(3);
      sum.add(truths[i], answers[i], losses[i]);
    }
    double balanced = 0;
    double even = 0;
    double[] won = new double[300];
    for (int k = 0; k < classes; k++) {
      int at = k;
      int[] own = IntStream.range(0, 300).filter(i -> truths[i] == at).toArray();
      balanced += IntStream.of(own).filter(i -> answers[i] == at).count() / 3.0 / own.length;
      even += IntStream.of(own).mapToDouble(i -> Math.log(3) - losses[i]).sum() / 3 / own.length;
      for (int i : own) {
        won[i] = -Math.log(own.length / 300.0) - losses[i];
      }
    }
    double gain = IntStream.range(0, 300).mapToDouble(i -> won[i]).sum() / 300;
    double square =
        IntStream.range(0, 300).mapToDouble(i -> (won[i] - gain) * (won[i] - gain)).sum() / 300;
    ChanceLevel level = sum.level();
    assertThat(level.balanced()).isCloseTo(balanced, within(1e-12));
    assertThat(level.even()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(level.gain()).isCloseTo(gain, within(1e-12));
    assertThat(level.gainError()).isCloseTo(Math.sqrt(square / 300), within(1e-12));
    assertThat(level.evenGain()).isCloseTo(even, within(1e-12));
    assertThat(level.evenLoss()).isCloseTo(Math.log(3) - even, within(1e-12));
  }

  @Test
  void isBetter_accuracyBelowTheCommonestClassButRankedWell_isBetter() {
    int[] truths = rare(37);
    // as class weights leave it: moved towards the rare class, so that many others are called it
    ChanceLevel weighed = of(truths, odds(truths, 2, 1, 1));
    assertThat(weighed.accuracy()).isLessThan(weighed.commonest());
    assertThat(weighed.gain()).isNegative();
    assertThat(weighed.isBetter()).isTrue();
  }

  @Test
  void isBetter_alwaysTheCommonestButWithGoodProbabilities_isBetter() {
    int[] truths = rare(100);
    double[] odds = IntStream.of(truths).mapToDouble(t -> t == 1 ? -1.0 : -6).toArray();
    ChanceLevel modest = of(truths, odds);
    assertThat(modest.balanced()).isEqualTo(0.5);
    assertThat(modest.isBetter()).isTrue();
    assertThat(modest.fault("rows")).isEmpty();
  }

  @Test
  void isBetter_theSharesThemselves_areChance() {
    for (int every : new int[] {2, 10, 100}) {
      int[] truths = rare(every);
      double share = (double) IntStream.of(truths).sum() / N;
      double[] odds = new double[N];
      Arrays.fill(odds, Math.log(share / (1 - share)));
      ChanceLevel level = of(truths, odds);
      assertThat(level.isJudged()).isTrue();
      assertThat(level.isBetter()).isFalse();
    }
  }

  @Test
  void isBetter_answersThatKnowNothing_seldomPass() {
    int passed = 0;
    for (int run = 0; run < 200; run++) {
      int[] truths = rare(2 + random.nextInt(60));
      double[] odds = odds(new int[N], 0, 4 * random.nextDouble() - 2, 3);
      passed += of(truths, odds).isBetter() ? 1 : 0;
    }
    assertThat(passed).as("of 200, each at 2.3 %% by balanced accuracy").isLessThan(18);
  }

  @Test
  void fault_oneAnswerForAllThatIsSureAndWrong_isSaid() {
    int[] truths = rare(3);
    ChanceLevel level = of(truths, IntStream.range(0, N).mapToDouble(i -> 50).toArray());
    assertThat(level.fault("test examples"))
        .hasValueSatisfying(
            says ->
                assertThat(says)
                    .startsWith(
                        "no better than always answering the commonest class: balanced accuracy 0.500 on 2,000 test examples"));
  }

  @Test
  void fault_outputsBeyondAllProbabilities_isSaid() {
    ChanceAccumulator sum = new ChanceAccumulator(10);
    for (int i = 0; i < N; i++) {
      boolean right = i % 10 == 0 || random.nextInt(10) == 0; // a fifth, so better than chance
      sum.add(i % 10, right ? i % 10 : (i + 1) % 10, right ? 0 : 3000);
    }
    assertThat(sum.level().isBetter()).isTrue();
    assertThat(sum.level().fault("test examples"))
        .hasValueSatisfying(says -> assertThat(says).startsWith("outputs grown beyond"));
  }

  @Test
  void fault_tooFewExamplesToTell_isNone() {
    ChanceAccumulator two = new ChanceAccumulator(2);
    two.add(0, 1, 2);
    two.add(1, 0, 2);
    assertThat(two.level().isJudged()).isFalse();
    ChanceAccumulator one = new ChanceAccumulator(2);
    IntStream.range(0, 50).forEach(i -> one.add(0, 0, 0.1));
    assertThat(one.level().isJudged()).isFalse();
    assertThat(one.level().fault("rows")).isEmpty();
  }

  @Test
  void isJudged_oneAnswerForAll_restsOnTheTruthsAlone() {
    for (int others : new int[] {1, 4, 5, 20}) {
      int[] truths = IntStream.range(0, 40).map(i -> i < others ? 1 : 0).toArray();
      ChanceLevel one = of(truths, IntStream.range(0, 40).mapToDouble(i -> -5).toArray());
      ChanceLevel mixed = of(truths, odds(new int[40], 0, 0, 3));
      assertThat(one.isJudged()).as(others + " others").isEqualTo(others >= 5);
      assertThat(mixed.isJudged()).isEqualTo(one.isJudged());
      assertThat(one.fault("rows").isPresent()).isEqualTo(others >= 5);
    }
    ChanceLevel two = of(new int[] {0, 1}, new double[] {-1, -1});
    assertThat(two.isJudged()).isFalse();
    assertThat(two.fault("rows")).isEmpty();
  }

  @Test
  void level_ofSeveralLabels_isTheMeanOfThoseThatVary() {
    List<ChanceAccumulator> labels = ChanceAccumulator.ofLabels(3);
    for (int i = 0; i < N; i++) {
      boolean has = i % 20 == 0;
      labels.get(0).add(has, has ? 1 : -1);
      labels.get(1).add(has, -2);
      labels.get(2).add(false, -2); // nobody has it
    }
    ChanceLevel level = ChanceAccumulator.level(labels);
    assertThat(level.balanced()).isCloseTo((1 + 0.5) / 2, within(1e-12));
    assertThat(level.isBetter()).isTrue();
    List<ChanceAccumulator> none = ChanceAccumulator.ofLabels(1);
    for (int i = 0; i < N; i++) {
      none.get(0).add(i % 20 == 0, -2);
    }
    assertThat(ChanceAccumulator.level(none).isBetter()).isFalse();
  }

  /** Each label with its own truths and odds, or all with those of the first. */
  private List<ChanceAccumulator> labels(int labels, int n, double apart, boolean isOne) {
    List<ChanceAccumulator> all = ChanceAccumulator.ofLabels(labels);
    for (int i = 0; i < n; i++) {
      boolean has = random.nextInt(4) == 0;
      double logit = (has ? apart : -apart) + random.nextGaussian();
      for (ChanceAccumulator label : all) {
        label.add(has, logit);
        if (!isOne) {
          has = random.nextInt(4) == 0;
          logit = (has ? apart : -apart) + random.nextGaussian();
        }
      }
    }
    return all;
  }

  @Test
  void level_ofLabelsThatAreOne_hasTheErrorsOfThatOne() {
    List<ChanceAccumulator> labels = labels(5, 500, 0.3, true);
    ChanceLevel one = labels.get(0).level();
    ChanceLevel all = ChanceAccumulator.level(labels);
    assertThat(all.balancedError()).isCloseTo(one.balancedError(), within(1e-9));
    assertThat(all.gainError()).isCloseTo(one.gainError(), within(1e-6));
    // the one divides by a class's examples less one
    assertThat(all.evenGainError()).isCloseTo(one.evenGainError(), within(1e-4));
  }

  @Test
  void level_ofLabelsThatHaveNothingToDoWithEachOther_isTheMoreCertain() {
    ChanceLevel one = ChanceAccumulator.level(labels(1, 2000, 0.3, false));
    ChanceLevel all = ChanceAccumulator.level(labels(25, 2000, 0.3, false));
    assertThat(all.balancedError()).isCloseTo(one.balancedError() / 5, withinPercentage(25));
    assertThat(all.gainError()).isCloseTo(one.gainError() / 5, withinPercentage(25));
    assertThat(all.evenGainError()).isCloseTo(one.evenGainError() / 5, withinPercentage(25));
  }

  @Test
  void isBetter_labelsOfWhichNothingIsKnown_seldomPass() {
    int passed = 0;
    for (int run = 0; run < 100; run++) {
      passed += ChanceAccumulator.level(labels(6, 300, 0, run % 2 == 0)).isBetter() ? 1 : 0;
    }
    assertThat(passed).as("of 100, each at 2.3 %% by balanced accuracy").isLessThan(11);
  }
}
