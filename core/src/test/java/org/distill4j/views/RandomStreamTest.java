package org.distill4j.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
  private static final int MANY = 100_000;

  private static RandomStream at(long seed, long view, long index, int step) {
    RandomStream draws = new RandomStream();
    draws.restart(seed, view, index, step);
    return draws;
  }

  @Test
  void bits_ofEachSeedViewIndexAndStep_areStreamsOfTheirOwn() {
    Set<Long> seen = new HashSet<>();
    for (int seed = 0; seed < 10; seed++) {
      for (int view = 0; view < 10; view++) {
        for (int index = 0; index < 10; index++) {
          for (int step = -1; step < 9; step++) {
            assertThat(seen.add(at(seed, view, index, step).bits())).isTrue();
          }
        }
      }
    }
    assertThat(at(1, 2, 3, 4).bits()).isEqualTo(at(1, 2, 3, 4).bits());
  }

  @Test
  void restart_afterSomeDraws_findsTheStreamAgain() {
    RandomStream draws = at(7, 0, 5, 0);
    long first = draws.bits();
    draws.bits();
    draws.restart(7, 0, 5, 0);
    assertThat(draws.bits()).isEqualTo(first);
  }

  @Test
  void whole_oftenEnough_givesEveryNumberOfTheRangeAboutAsOften() {
    RandomStream draws = at(1, 0, 0, 0);
    int[] counts = new int[5];
    for (int i = 0; i < MANY; i++) {
      counts[draws.whole(-2, 2) + 2]++;
    }
    for (int count : counts) {
      assertThat(count).isCloseTo(MANY / 5, within(600)); // 5 standard deviations of 126
    }
  }

  @Test
  void index_ofAnyBound_isBelowIt() {
    RandomStream draws = at(2, 0, 0, 0);
    double sum = 0;
    for (int i = 0; i < MANY; i++) {
      long index = draws.index(1000);
      assertThat(index).isBetween(0L, 999L);
      sum += index;
    }
    assertThat(sum / MANY).isCloseTo(499.5, within(5.0)); // deviation 288.7 / sqrt(100,000)
    assertThat(draws.index(1)).isZero();
    assertThat(draws.index(1L << 40)).isBetween(0L, (1L << 40) - 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.2, 0.5, 1, 2, 8})
  void beta_ofOneParameterTwice_hasItsMeanAndVariance(double alpha) {
    RandomStream draws = at(3, 0, 0, 0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < MANY; i++) {
      double share = draws.beta(alpha);
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    assertThat(sum / MANY).isCloseTo(0.5, within(0.008));
    // ab / ((a + b)² (a + b + 1)) with a = b
    assertThat(squares / MANY).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.003));
  }
}
