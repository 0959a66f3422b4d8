package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

  /** Exact values by integer arithmetic: 2 · sum of C(n, i) / 2^n in Python, 40 digits. */
  @ParameterizedTest
  @CsvSource({
    "10, 25, 0.01667384780",
    "25, 10, 0.01667384780",
    "0, 5, 0.0625",
    "9900, 10100, 0.1593834360",
    "24000, 25000, 6.386559476e-06",
    "400, 1000, 1.614456719e-59",
  })
  void p_discordantCounts_isExact(int lost, int won, double expected) {
    assertThat(new Comparison(100_000, lost, won).p())
        .isCloseTo(expected, Percentage.withPercentage(1e-3));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "3, 3", "3, 4", "5000000, 5000000"})
  void p_noMoreLopsidedThanChance_isOne(int lost, int won) {
    assertThat(new Comparison(20_000_000, lost, won).p()).isEqualTo(1);
  }

  @Test
  void p_smallerThanAnyDouble_isZero() {
    assertThat(new Comparison(10_000, 0, 2000).p()).isZero();
  }

  /** Tango's interval, computed in Python by the formulas of the paper of 1998. */
  @Test
  void interval_tenLostTwentyFiveWonOfTenThousand_isGolden() {
    Comparison comparison = new Comparison(10_000, 10, 25);
    assertThat(comparison.delta()).isCloseTo(0.0015, within(1e-12));
    assertThat(comparison.low()).isCloseTo(0.000361, within(5e-7));
    assertThat(comparison.high()).isCloseTo(0.002788, within(5e-7));
  }

  @Test
  void of_sameExamples_countsLostAndWon() {
    // truth      0 0 1 1 1
    // candidate  0 1 1 0 1   right: y n y n y
    // baseline   0 0 0 0 1   right: y y n n y
    Evaluation candidate = evaluation("a1", new int[] {0, 0, 1, 1, 1}, 0, 1, 1, 0, 1);
    Evaluation baseline = evaluation("a1", new int[] {0, 0, 1, 1, 1}, 0, 0, 0, 0, 1);
    assertThat(Comparison.of(candidate, baseline)).isEqualTo(new Comparison(5, 1, 1));
  }

  @Test
  void of_differentCounts_isRefused() {
    Evaluation two = evaluation("a1", new int[] {0, 1}, 0, 1);
    Evaluation one = evaluation("a1", new int[] {0}, 0);
    assertThatThrownBy(() -> Comparison.of(two, one))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "comparison: data 'toy' test has n=2, data 'toy' test has n=1 (expected: the same"
                + " examples of one split)");
  }

  @Test
  void of_otherContent_isRefused() {
    Evaluation these = evaluation("a1", new int[] {0, 1}, 0, 1);
    Evaluation those = evaluation("b2", new int[] {0, 1}, 0, 1);
    assertThatThrownBy(() -> Comparison.of(these, those)).isInstanceOf(InputFault.class);
  }

  @Test
  void new_moreDiscordantThanExamples_isRefused() {
    assertThatThrownBy(() -> new Comparison(10, 6, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n, lost, won: 10, 6, 5 (expected: n >= 1, lost + won <= n)");
  }

  private static Evaluation evaluation(String sha256, int[] truths, int... answers) {
    int[][] counts = new int[2][2];
    for (int i = 0; i < truths.length; i++) {
      counts[truths[i]][answers[i]]++;
    }
    return new Evaluation(
        "toy",
        "test",
        sha256,
        TaskType.SINGLE_LABEL,
        0.5,
        new Confusion(List.of("a", "b"), counts),
        new Calibration(List.of(new Calibration.Bin(0, Double.NaN, Double.NaN))),
        new Predictions(truths, answers),
        Map.of());
  }
}
