package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LabelledSubsetTest {
  @Test
  void contains_counted_isExactlyCount() {
    LabelledSubset subset = LabelledSubset.of(1200, 10_800, 1);
    assertThat(LongStream.range(0, 10_800).filter(subset::contains).count()).isEqualTo(1200);
  }

  @Test
  void contains_smallerSubsetOfTheSameSeed_liesInsideTheLarger() {
    LabelledSubset small = LabelledSubset.of(10, 500, 4);
    LabelledSubset large = LabelledSubset.of(300, 500, 4);
    assertThat(LongStream.range(0, 500).filter(small::contains)).allMatch(large::contains);
  }

  @Test
  void contains_anotherSeed_choosesOthers() {
    LabelledSubset one = LabelledSubset.of(250, 500, 4);
    LabelledSubset other = LabelledSubset.of(250, 500, 5);
    long both = LongStream.range(0, 500).filter(i -> one.contains(i) && other.contains(i)).count();
    // Hypergeometric: mean 125, standard deviation 5.6.
    assertThat(both).isBetween(100L, 150L);
  }

  @Test
  void all_everyExample_isIn() {
    LabelledSubset all = LabelledSubset.all(37);
    assertThat(LongStream.range(0, 37)).allMatch(all::contains);
    assertThat(all.count()).isEqualTo(37);
    assertThat(LabelledSubset.of(0, 37, 1).contains(5)).isFalse();
  }

  @Test
  void of_moreThanThereAre_isRefused() {
    assertThatThrownBy(() -> LabelledSubset.of(1201, 1200, 1))
        .hasMessage("labelled: 1201 (expected: 0 <= labelled <= 1200 training examples)");
  }
}
