package org.distill4j.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class TransferSetRuleTest {
  private static final TransferSetRule.Limits LIMITS = new TransferSetRule.Limits(0.05, 0.03, 0.5);
  private static final long SEED = 5;

  /** Four classes with these chances; two features, Gauss around a mean. */
  private record Drawn(long seed, long size, List<Double> chances, double mean) implements Dataset {
    @Override
    public String name() {
      return "drawn";
    }

    @Override
    public Shape shape() {
      return Shape.of(2);
    }

    @Override
    public List<String> classes() {
      return List.of("cat", "dog", "owl", "eel");
    }

    @Override
    public void read(long index, FloatBuffer target) {
      SplittableRandom random = new SplittableRandom(Seeds.of(seed + 31 * index));
      target.put((float) random.nextGaussian()).put((float) (mean + random.nextGaussian()));
    }

    @Override
    public int label(long index) {
      double left = new SplittableRandom(Seeds.of(-seed - 77 * index)).nextDouble();
      int k = 0;
      while (k < 3 && left >= chances.get(k)) {
        left -= chances.get(k++);
      }
      return k;
    }
  }

  private static final List<Double> EVEN = List.of(0.25, 0.25, 0.25, 0.25);
  private static final Dataset VALIDATED = new Drawn(SEED, 2000, EVEN, 0);

  private static java.util.Optional<Advice> advice(Dataset transfer) {
    return new TransferSetRule(TransferSetDivergence.of(VALIDATED, transfer), LIMITS, "./again")
        .advice();
  }

  @Test
  void advice_rareClassesMissing_namesThemAndTheCommand() {
    List<Double> traffic = List.of(0.6, 0.39, 0.01, 0.0);
    Advice advice = advice(new Drawn(SEED + 1, 4000, traffic, 0)).orElseThrow();
    assertThat(advice.says())
        .contains("its classes differ", "too few: eel 0 (0.0 % instead of 2", "owl ", "./again")
        .doesNotContain("inputs differ", "cat ");
  }

  @Test
  void advice_shiftedInputs_namesTheFeature() {
    Advice advice = advice(new Drawn(SEED + 1, 4000, EVEN, 1)).orElseThrow();
    assertThat(advice.says())
        .contains("its inputs differ most in feature 1")
        .doesNotContain("classes differ");
  }

  @Test
  void advice_drawnAlike_isSilent() {
    for (long size : List.of(50L, 500L, 5000L)) {
      assertThat(advice(new Drawn(SEED + size, size, EVEN, 0))).as("size %d", size).isEmpty();
    }
  }

  @Test
  void distributions_ofOneAndAnother_areWhatTheFormulasSay() {
    double[] p = {1, 0};
    double[] q = {0.5, 0.5};
    // m = (.75, .25): KL(p|m) = log2(4/3) = .41504; KL(q|m) = .5 log2(2/3) + .5 log2 2 = .20752
    assertThat(HistogramDistance.jensenShannon(p, q)).isCloseTo(0.31128, within(1e-5));
    assertThat(HistogramDistance.jensenShannon(p, new double[] {0, 1})).isCloseTo(1, within(1e-12));
    assertThat(HistogramDistance.jensenShannon(q, q)).isZero();
    assertThat(HistogramDistance.furthest(p, q)).isEqualTo(0.5);
  }
}
