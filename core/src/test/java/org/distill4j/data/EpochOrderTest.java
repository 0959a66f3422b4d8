package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 10, 16, 17, 99, 1200, 10_800, 65_536, 100_003})
  void at_everyPosition_meetsEveryIndexOnce(int size) {
    for (int seed = 0; seed < 3; seed++) {
      EpochOrder order = new EpochOrder(size, seed, 5);
      BitSet met = new BitSet(size);
      for (int position = 0; position < size; position++) {
        long index = order.at(position);
        met.set((int) index);
        assertThat(order.positionOf(index)).isEqualTo(position);
      }
      assertThat(met.cardinality()).isEqualTo(size);
      assertThat(met.length()).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, (1L << 40) - 1, 1L << 40, 999_999_999_989L})
  void at_hugeSize_isUndoneByPositionOf(long size) {
    EpochOrder order = new EpochOrder(size, 7, 2);
    for (long i = 0; i < 20_000; i++) {
      long position = i * 48_271L * 65_537L % size;
      long index = order.at(position);
      assertThat(index).isBetween(0L, size - 1);
      assertThat(order.positionOf(index)).isEqualTo(position);
    }
    assertThat(order.at(0)).isNotEqualTo(order.at(size - 1));
  }

  /**
   * The same numbers in every release: a run begun with one is resumed with another. The values are
   * those of a second implementation, in Python's integers, of the formula in the class's Javadoc.
   */
  @Test
  void at_knownSeed_isWhatItWasWhenFirstWritten() {
    EpochOrder order = new EpochOrder(10_800, 1, 0);
    assertThat(new long[] {order.at(0), order.at(1), order.at(2), order.at(10_799)})
        .containsExactly(9301, 5038, 5989, 7891);
  }

  /** Chi-square with 9 degrees of freedom: above 27.9 with probability 0.001 (tables). */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 9})
  void at_onePositionOverManySeeds_isUniform(int position) {
    int[] counts = new int[10];
    for (int seed = 0; seed < 10_000; seed++) {
      counts[(int) new EpochOrder(10, seed, 3).at(position)]++;
    }
    assertThat(chiSquare(counts, 1000)).isLessThan(27.9);
  }

  /** The 24 orders of 4 examples: 23 degrees of freedom, above 49.7 with probability 0.001. */
  @Test
  void at_fourExamplesOverManyEpochs_meetsAll24OrdersEvenly() {
    Map<String, Integer> seen = new HashMap<>();
    for (int epoch = 0; epoch < 24_000; epoch++) {
      EpochOrder order = new EpochOrder(4, 11, epoch);
      seen.merge("" + order.at(0) + order.at(1) + order.at(2) + order.at(3), 1, Integer::sum);
    }
    assertThat(seen).hasSize(24);
    int[] counts = seen.values().stream().mapToInt(Integer::intValue).toArray();
    assertThat(chiSquare(counts, 1000)).isLessThan(49.7);
  }

  /**
   * Pairs of neighbours over a 10 x 10 grid of where they land: 99 degrees of freedom, above 148.2
   * with probability 0.001.
   */
  @Test
  void at_neighbours_landIndependently() {
    int size = 100_000;
    EpochOrder order = new EpochOrder(size, 3, 0);
    int[] counts = new int[100];
    for (int i = 0; i + 1 < size; i += 2) {
      counts[(int) (order.at(i) * 10 / size * 10 + order.at(i + 1) * 10 / size)]++;
    }
    assertThat(chiSquare(counts, size / 200.0)).isLessThan(148.2);
  }

  /** Two independent permutations agree at one position on average, above 6 with 0.0006. */
  @Test
  void at_twoEpochs_agreeAlmostNowhere() {
    int size = 50_000;
    EpochOrder first = new EpochOrder(size, 3, 0);
    EpochOrder second = new EpochOrder(size, 3, 1);
    int agreed = 0;
    for (int i = 0; i < size; i++) {
      agreed += first.at(i) == second.at(i) ? 1 : 0;
    }
    assertThat(agreed).isLessThan(7);
  }

  @Test
  void of_noExamplesOrTooMany_isRefused() {
    assertThatThrownBy(() -> new EpochOrder(0, 1, 1))
        .hasMessageContaining("size: 0 (expected: 1 <=");
    assertThatThrownBy(() -> new EpochOrder((1L << 40) + 1, 1, 1)).hasMessageContaining("size: ");
    assertThatThrownBy(() -> new EpochOrder(5, 1, 1).at(5))
        .hasMessage("position: 5 (expected: 0 <= position < 5)");
  }

  private static double chiSquare(int[] counts, double expected) {
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }
}
