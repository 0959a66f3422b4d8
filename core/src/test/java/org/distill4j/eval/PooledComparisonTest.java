package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PooledComparisonTest {
  @Test
  void pooled_oneSeed_isTheComparisonItself() {
    Comparison one = new Comparison(10_000, 10, 25);
    // sd of 25 ones and 10 minus ones among 10,000: sqrt(35/n - (15/n)²)
    double deviation = Math.sqrt(35e-4 - 15e-4 * 15e-4);
    PooledComparison pooled = new PooledComparison(List.of(one), deviation);
    assertThat(pooled.delta()).isEqualTo(one.delta());
    assertThat(pooled.low()).isCloseTo(one.low(), within(1e-12));
    assertThat(pooled.high()).isCloseTo(one.high(), within(1e-12));
    assertThat(pooled.p()).isEqualTo(one.p());
  }

  @Test
  void pooled_seedsThatDiffer_widenTheInterval() {
    PooledComparison pooled =
        new PooledComparison(
            List.of(
                new Comparison(1000, 10, 20),
                new Comparison(1000, 10, 30),
                new Comparison(1000, 10, 40)),
            0.1);
    assertThat(pooled.delta()).isCloseTo(0.02, within(1e-12));
    // 1.96 x 0.1 / sqrt(1000) = 0.006198; t(2) = 4.3027 x 0.01 / sqrt(3) = 0.024842
    assertThat(pooled.high() - pooled.delta())
        .isCloseTo(Math.hypot(0.0061980, 0.0248417), within(1e-6));
    assertThat(pooled.p()).isEqualTo(new Comparison(3000, 30, 90).p()).isLessThan(1e-6);
    assertThat(pooled.isCertain()).as("the seeds do not agree enough").isFalse();
  }

  @Test
  void pooled_seedsThatAgree_isCertain() {
    Comparison seed = new Comparison(1000, 10, 40);
    assertThat(new PooledComparison(List.of(seed, seed, seed), 0.2).isCertain()).isTrue();
  }

  @Test
  void pooled_ofDifferentNumbersOfExamples_isRefused() {
    assertThatThrownBy(
            () ->
                new PooledComparison(
                    List.of(new Comparison(10, 1, 1), new Comparison(11, 1, 1)), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PooledComparison(List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void standardDeviation_isThatOfASample() {
    assertThat(PooledComparison.standardDeviation(2, 4, 9)).isCloseTo(3.605551, within(1e-6));
    assertThat(PooledComparison.standardDeviation(7)).isZero();
  }
}
