package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ClassOrderTest {
  private final Random random = new Random(Seeds.of(20));

  private List<Integer> permutation(int n) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(order, random);
    return order;
  }

  /** Answers of a teacher whose output {@code order[c]} stands for class c, some of them wrong. */
  private int[][] counts(List<Integer> order, int examples, double wrong) {
    int n = order.size();
    int[][] counts = new int[n][n];
    for (int i = 0; i < examples; i++) {
      int c = random.nextInt(n);
      int said = random.nextDouble() < wrong ? random.nextInt(n) : c;
      counts[c][order.get(said)]++;
    }
    return counts;
  }

  private static long total(int[][] counts, List<Integer> columns) {
    long total = 0;
    for (int row = 0; row < counts.length; row++) {
      total += counts[row][columns.get(row)];
    }
    return total;
  }

  private static long most(int[][] counts, List<Integer> columns, int from) {
    if (from == columns.size()) {
      return total(counts, columns);
    }
    long most = 0;
    for (int k = from; k < columns.size(); k++) {
      Collections.swap(columns, from, k);
      most = Math.max(most, most(counts, columns, from + 1));
      Collections.swap(columns, from, k);
    }
    return most;
  }

  @RepeatedTest(20)
  void assignment_ofDrawnCounts_isTheBestOfAllPermutations(RepetitionInfo nth) {
    random.setSeed(Seeds.of(2000 + nth.getCurrentRepetition()));
    int n = 1 + random.nextInt(6);
    int[][] counts = new int[n][n];
    for (int[] row : counts) {
      for (int c = 0; c < n; c++) {
        row[c] = random.nextInt(nth.getCurrentRepetition() % 2 == 0 ? 4 : 1000);
      }
    }
    List<Integer> found = IntStream.of(Assignment.of(counts)).boxed().toList();
    List<Integer> own = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    assertThat(found).containsExactlyInAnyOrderElementsOf(own);
    assertThat(total(counts, found)).isEqualTo(most(counts, own, 0));
  }

  @RepeatedTest(10)
  void of_outputsInAnotherOrder_tellsWhichStandsForWhich(RepetitionInfo nth) {
    random.setSeed(Seeds.of(2100 + nth.getCurrentRepetition()));
    int n = 2 + random.nextInt(12);
    List<Integer> order = permutation(n);
    Collections.swap(order, 0, order.get(0) == 0 ? n - 1 : 0); // never the data's own
    int[][] counts = counts(order, 60 * n, 0.3);
    ClassOrder found = ClassOrder.of(counts).orElseThrow();
    for (int c = 0; c < n; c++) {
      assertThat(found.outputs().get(order.get(c))).isEqualTo(c);
    }
    assertThat(found.accuracy()).isCloseTo(total(counts, order) / (60.0 * n), within(1e-12));
  }

  @RepeatedTest(10)
  void of_aTeacherInOrder_howeverWeak_tellsNothing(RepetitionInfo nth) {
    random.setSeed(Seeds.of(2200 + nth.getCurrentRepetition()));
    int n = 2 + random.nextInt(20);
    List<Integer> own = IntStream.range(0, n).boxed().toList();
    double wrong = 0.2 + 0.8 * random.nextDouble(); // up to chance
    assertThat(ClassOrder.of(counts(own, 20 + random.nextInt(2000), wrong))).isEmpty();
  }

  @Test
  void logTail_ofAFairCoin_isTheSumOfItsTerms() {
    // 8, 9 or 10 heads of 10: (45 + 10 + 1) / 1024
    assertThat(ClassOrder.logTail(8, 10)).isCloseTo(Math.log(56 / 1024.0), within(1e-12));
    assertThat(ClassOrder.logTail(0, 10)).isCloseTo(0, within(1e-12));
  }

  @Test
  void moved_twoOutputs_areExchanged_moreAreNamedEach() {
    List<String> names = List.of("Zeder", "ulme", "a, b");
    ClassOrder two = new ClassOrder(List.of(1, 0, 2), 1);
    assertThat(two.moved(names)).isEqualTo("'Zeder' and 'ulme' exchanged");
    assertThat(two.yaml(names)).isEqualTo("[ulme, Zeder, 'a, b']");
    assertThat(new ClassOrder(List.of(1, 2, 0), 1).moved(names))
        .isEqualTo("its outputs 'Zeder' as 'ulme', 'ulme' as 'a, b', 'a, b' as 'Zeder'");
  }
}
