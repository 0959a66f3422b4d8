package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class RankedAreaTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(17));

  private static Predictions predictions(int[] truths, float... odds) {
    return new Predictions(truths, new int[truths.length], odds);
  }

  /**
   * Every pair compared with every other: V of each example, A, and the covariance of two models.
   */
  private static double[] byPairs(int[] truths, float[] one, float[] other) {
    double[][] placements = new double[2][truths.length];
    double[] areas = new double[2];
    float[][] odds = {one, other};
    double[] counts = new double[2];
    for (int truth : truths) {
      counts[truth]++;
    }
    for (int model = 0; model < 2; model++) {
      for (int i = 0; i < truths.length; i++) {
        for (int j = 0; j < truths.length; j++) {
          if (truths[i] == 1 && truths[j] == 0) {
            float a = odds[model][i];
            float b = odds[model][j];
            double wins = a > b ? 1 : a == b ? 0.5 : 0;
            placements[model][i] += wins / counts[0];
            placements[model][j] += wins / counts[1];
            areas[model] += wins / counts[0] / counts[1];
          }
        }
      }
    }
    double covariance = 0;
    for (int i = 0; i < truths.length; i++) {
      double count = counts[truths[i]];
      covariance +=
          (placements[0][i] - areas[0]) * (placements[1][i] - areas[1]) / (count - 1) / count;
    }
    return new double[] {areas[0], areas[1], covariance};
  }

  @Test
  void estimate_scoresWithTies_isDeLongsByAllPairs() {
    for (int run = 0; run < 20; run++) {
      int n = 40 + random.nextInt(100);
      int[] truths = new int[n];
      float[] one = new float[n];
      float[] other = new float[n];
      for (int i = 0; i < n; i++) {
        truths[i] = i < 5 ? i % 2 : random.nextInt(4) == 0 ? 1 : 0;
        one[i] = random.nextInt(8) + truths[i]; // many are equal
        other[i] = one[i] + (float) random.nextGaussian() - 4;
      }
      double[] own = byPairs(truths, one, one);
      Estimate estimate = RankedArea.of(predictions(truths, one)).estimate();
      assertThat(estimate.value()).isCloseTo(own[0], within(1e-12));
      assertThat(estimate.value() - estimate.low())
          .isCloseTo(Estimate.Z * Math.sqrt(own[2]), within(1e-9));

      double[] others = byPairs(truths, other, other);
      double[] both = byPairs(truths, one, other);
      Estimate ahead =
          RankedArea.of(predictions(truths, one)).ahead(RankedArea.of(predictions(truths, other)));
      assertThat(ahead.value()).isCloseTo(both[0] - both[1], within(1e-12));
      assertThat(ahead.high() - ahead.value())
          .isCloseTo(Estimate.Z * Math.sqrt(own[2] + others[2] - 2 * both[2]), within(1e-9));
    }
  }

  /**
   * Others 1, 2, 4 and of the class 3, 5: A = (2 + 3) / 6. Placements of the class 2/3, 1, variance
   * 1/18; of the others 1, 1, 1/2, variance 1/12; error² = 1/36 + 1/36.
   */
  @Test
  void estimate_fiveExamples_isThatByHand() {
    Estimate estimate =
        RankedArea.of(predictions(new int[] {0, 0, 1, 0, 1}, 1, 2, 3, 4, 5)).estimate();
    assertThat(estimate.value()).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(estimate.low()).isCloseTo(5 / 6.0 - Estimate.Z * Math.sqrt(1 / 18.0), within(1e-12));
    assertThat(estimate.high()).as("no area is above").isEqualTo(1);
  }

  @Test
  void estimate_allPairsInOrder_staysOpenByTheRarerClass() {
    Estimate few = RankedArea.of(predictions(new int[] {0, 0, 0, 1, 1}, 1, 2, 3, 4, 5)).estimate();
    assertThat(few.value()).isEqualTo(1);
    assertThat(few.low()).isEqualTo(Estimate.share(2, 2).low()).isLessThan(0.4);
  }

  /** The others alone would make the error small, as if the one example were all there are. */
  @Test
  void estimate_oneExampleOfAClass_isHardlyKnown() {
    int n = 200 + random.nextInt(100);
    int[] truths = new int[n];
    float[] one = new float[n];
    float[] other = new float[n];
    int only = random.nextInt(n);
    boolean isRarerTheSecond = random.nextBoolean();
    for (int i = 0; i < n; i++) {
      truths[i] = (i == only) == isRarerTheSecond ? 1 : 0;
      one[i] = i;
      other[i] = -i;
    }
    one[only] = isRarerTheSecond ? n - 20.5f : 19.5f; // beyond all but some twenty
    Estimate estimate = RankedArea.of(predictions(truths, one)).estimate();
    assertThat(estimate.low()).isEqualTo(Estimate.share(1, 1).low()).isLessThan(0.3);
    assertThat(estimate.high()).isEqualTo(1);
    Estimate ahead =
        RankedArea.of(predictions(truths, one)).ahead(RankedArea.of(predictions(truths, other)));
    assertThat(ahead.low()).isLessThanOrEqualTo(0);
  }

  /** Where so many score at least as high: precision there times the recall that its score adds. */
  @Test
  void averagePrecision_scoresWithTies_isTheSumOverTheThresholds() {
    for (int run = 0; run < 20; run++) {
      int n = 30 + random.nextInt(100);
      float[] scores = new float[n];
      boolean[] has = new boolean[n];
      Ranking ranking = new Ranking(n);
      double positives = 0;
      for (int i = 0; i < n; i++) {
        has[i] = i == 0 || random.nextInt(5) == 0;
        scores[i] = random.nextInt(9) - 4;
        ranking.add(scores[i], has[i]);
        positives += has[i] ? 1 : 0;
      }
      double area = 0;
      for (int threshold = -4; threshold <= 4; threshold++) {
        double above = 0;
        double right = 0;
        double added = 0;
        for (int i = 0; i < n; i++) {
          above += scores[i] >= threshold ? 1 : 0;
          right += scores[i] >= threshold && has[i] ? 1 : 0;
          added += scores[i] == threshold && has[i] ? 1 : 0;
        }
        area += above == 0 ? 0 : right / above * added / positives;
      }
      assertThat(ranking.averagePrecision()).isCloseTo(area, within(1e-12));
    }
  }

  /**
   * The same examples with their classes exchanged: who is rare is looked for, whatever its place.
   */
  @Test
  void averagePrecision_theFirstOfTwoClassesIsRare_isThatOfTheFirst() {
    int n = 200;
    int[] truths = new int[n];
    float[] odds = new float[n];
    int[] exchanged = new int[n];
    float[] negated = new float[n];
    for (int i = 0; i < n; i++) {
      truths[i] = i < 8 ? 1 : 0;
      odds[i] = (float) random.nextGaussian() + truths[i];
      exchanged[i] = 1 - truths[i];
      negated[i] = -odds[i];
    }
    Predictions rareSecond = predictions(truths, odds);
    Predictions rareFirst = predictions(exchanged, negated);
    assertThat(rareSecond.positive()).isEqualTo(1);
    assertThat(rareFirst.positive()).isZero();
    assertThat(rareFirst.averagePrecision())
        .isEqualTo(rareSecond.averagePrecision())
        .isLessThan(0.9);
    assertThat(rareFirst.cuts(1000)).hasSize(n);
    for (int k = 0; k < n; k++) {
      assertThat(rareFirst.cuts(1000).get(k)).containsExactly(rareSecond.cuts(1000).get(k));
    }
  }

  @Test
  void cuts_everyThreshold_countsWhatScoresAtLeastAsHigh() {
    int n = 200;
    int[] truths = new int[n];
    float[] odds = new float[n];
    for (int i = 0; i < n; i++) {
      truths[i] = random.nextInt(4) == 0 ? 1 : 0;
      odds[i] = (random.nextInt(40) - 25 + 8 * truths[i]) / 8f;
    }
    List<double[]> cuts = predictions(truths, odds).cuts(1000);
    for (double[] cut : cuts) {
      double called = 0;
      double found = 0;
      double positives = 0;
      for (int i = 0; i < n; i++) {
        boolean yes = 1 / (1 + Math.exp(-odds[i])) >= cut[0] - 1e-12;
        called += yes ? 1 : 0;
        found += yes ? truths[i] : 0;
        positives += truths[i];
      }
      assertThat(cut[1]).isCloseTo(found / positives, within(1e-12));
      assertThat(cut[2]).isCloseTo((called - found) / (n - positives), within(1e-12));
      assertThat(cut[3]).isCloseTo(found / called, within(1e-12));
    }
    assertThat(cuts).hasSizeGreaterThan(20);
    assertThat(predictions(truths, odds).cuts(10)).hasSize(10).contains(cuts.get(0));
    assertThat(new Predictions(new int[] {0, 1}, new int[] {0, 1}).cuts(10)).isEmpty();
  }
}
