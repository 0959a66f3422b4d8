package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreIntervalTest {
  /** Computed in Python by the formulas of Tango, 1998. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 40, -0.087622, 0.087622",
    "0, 0, 720, -0.005307, 0.005307",
    "1, 0, 60, -0.044508, 0.088551",
    "0, 2, 100, -0.070012, 0.017733",
    "3, 1, 100, -0.028124, 0.076048",
    "0, 21, 720, -0.044176, -0.019155",
    "44, 45, 1400, -0.014178, 0.012726"
  })
  void of_pairs_isGolden(int won, int lost, int n, double low, double high) {
    Comparison comparison = new Comparison(n, lost, won);
    assertThat(comparison.low()).isCloseTo(low, within(1e-6));
    assertThat(comparison.high()).isCloseTo(high, within(1e-6));
    PooledComparison pooled = new PooledComparison(List.of(comparison), 0);
    assertThat(pooled.low()).isEqualTo(comparison.low());
    assertThat(pooled.high()).isEqualTo(comparison.high());
  }

  /** At an end d the score is z, with the likeliest shares among those whose difference is d. */
  @Test
  void of_pairsThatAreDrawn_hasEndsWhereTheScoreTestTurns() {
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    for (int run = 0; run < 50; run++) {
      int n = 20 + random.nextInt(2000);
      int won = random.nextInt(n / 4);
      int lost = random.nextInt(n / 4);
      ScoreInterval interval = ScoreInterval.of(won, lost, n);
      for (double d : new double[] {interval.low(), interval.high()}) {
        double lostShare = likeliest(won, lost, n, d);
        double variance = n * (2 * lostShare + d - d * d);
        assertThat(Math.abs(won - lost - n * d) / Math.sqrt(variance))
            .as("won %d, lost %d, n %d", won, lost, n)
            .isCloseTo(Estimate.Z, within(1e-4));
      }
    }
  }

  /** By golden section, as the logarithm of the likelihood has one peak. */
  private static double likeliest(int won, int lost, int n, double d) {
    double from = Math.max(0, -d);
    double to = (1 - d) / 2;
    double ratio = (Math.sqrt(5) - 1) / 2;
    for (int i = 0; i < 90; i++) {
      double left = to - ratio * (to - from);
      double right = from + ratio * (to - from);
      if (likelihood(won, lost, n, d, left) < likelihood(won, lost, n, d, right)) {
        from = left;
      } else {
        to = right;
      }
    }
    return (from + to) / 2;
  }

  private static double likelihood(int won, int lost, int n, double d, double q) {
    return times(won, q + d) + times(lost, q) + times(n - won - lost, 1 - 2 * q - d);
  }

  private static double times(int count, double share) {
    return count == 0 ? 0 : count * Math.log(share);
  }

  @Test
  void halfWidthOfNone_isThatOfNoDiscordantPair() {
    assertThat(ScoreInterval.halfWidthOfNone(40))
        .isCloseTo(ScoreInterval.of(0, 0, 40).high(), within(1e-9));
    // 1.95996² (1 - 0.005) / 0.005 = 764.4
    assertThat(SampleSize.examples(0.005, 0)).isEqualTo(765);
    assertThat(SampleSize.shown(764, 0)).isGreaterThan(0.005);
    assertThat(SampleSize.shown(765, 0)).isLessThanOrEqualTo(0.005);
  }

  @Test
  void pooled_severalSeedsThatAgreeOnEverything_stayOpen() {
    Comparison none = new Comparison(40, 0, 0);
    PooledComparison pooled = new PooledComparison(List.of(none, none), 0);
    assertThat(pooled.high()).isCloseTo(0.087622, within(1e-6));
    assertThat(pooled.low()).isCloseTo(-0.087622, within(1e-6));
  }
}
