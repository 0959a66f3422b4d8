package org.distill4j.quantize.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ObserverTest {
  private static final int BATCH = 10_000;

  /** Ten batches of normal numbers, the last with one of 100. */
  private static TensorStatistics bell(boolean outlier) {
    TensorStatistics seen = new TensorStatistics();
    SplittableRandom random = new SplittableRandom(Seeds.of(1));
    for (int b = 0; b < 10; b++) {
      float[] batch = new float[BATCH];
      for (int i = 0; i < BATCH; i++) {
        batch[i] = (float) random.nextGaussian();
      }
      if (outlier && b == 9) {
        batch[0] = 100;
      }
      seen.see(HostTensor.ofFloats(Shape.of(batch.length), batch));
    }
    return seen;
  }

  private static void add(Histogram histogram, float... values) {
    histogram.add(bits(values), extremes(values));
  }

  @Test
  void histogram_whateverTheOrder_countsEveryNumberOnce() {
    Histogram small = new Histogram();
    add(small, 0, 0);
    add(small, .5f, -.25f);
    add(small, 8, -3, 1e-3f);
    long sum = 0;
    for (int i = 0; i < Histogram.BINS; i++) {
      sum += small.magnitude(i);
      assertThat(small.positive(i) > 0 && i * small.width() > 8).isFalse();
    }
    assertThat(sum).isEqualTo(7);
    assertThat(small.count()).isEqualTo(7);
    assertThat(small.range()).isEqualTo(new Range(-3, 8));
    assertThat(small.negative((int) (3 / small.width()))).isEqualTo(1);
    assertThat(small.positive((int) (8 / small.width()))).isEqualTo(1);
  }

  @Test
  void clipped_ofTheWholeRange_isNothingThoughManyNumbersAreAtItsEnd() {
    Histogram pixels = new Histogram();
    add(pixels, 0, .25f, 1, 1, 1);
    assertThat(pixels.clipped(pixels.range())).isZero();
    assertThat(pixels.clipped(new Range(0, .5))).isEqualTo(.6);
  }

  @Test
  void histogram_ofManyNumbers_hasEachWhereDivisionPutsIt() {
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    Histogram histogram = new Histogram();
    List<Float> all = new ArrayList<>();
    for (int batch = 0; batch < 20; batch++) { // each wider than the last, and longer than a run
      float[] values = new float[5000];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * Math.pow(2, batch - 10));
        values[i] = i % 3 == 0 ? 0 : i % 1000 == 1 ? -0f : values[i];
        all.add(values[i]);
      }
      add(histogram, values);
    }
    long[] positive = new long[Histogram.BINS];
    long[] negative = new long[Histogram.BINS];
    for (float value : all) {
      boolean below = Float.floatToRawIntBits(value) < 0;
      (below ? negative : positive)[(int) (Math.abs(value) / histogram.width())]++;
    }
    for (int i = 0; i < Histogram.BINS; i++) {
      assertThat(histogram.positive(i)).as("bin %d", i).isEqualTo(positive[i]);
      assertThat(histogram.negative(i)).as("bin %d", i).isEqualTo(negative[i]);
    }
  }

  @Test
  void extremes_ofNumbersOfOneSign_haveZeroOnTheOther() {
    assertThat(extremes(3, 2, 5)).isEqualTo(new Extremes(0, 5));
    assertThat(extremes(-3, -2, -0f)).isEqualTo(new Extremes(-3, 0));
    assertThat(extremes(0, Float.MIN_VALUE, -Float.MAX_VALUE))
        .isEqualTo(new Extremes(-Float.MAX_VALUE, Float.MIN_VALUE));
    assertThat(extremes(1, -Float.NaN).areFinite()).isFalse();
    assertThat(extremes(1, Float.NEGATIVE_INFINITY).areFinite()).isFalse();
  }

  private static Extremes extremes(float... values) {
    return Extremes.of(bits(values));
  }

  private static IntBuffer bits(float... values) {
    return HostTensor.ofFloats(Shape.of(values.length), values).bytes().asIntBuffer();
  }

  @Test
  void minMax_takesTheOutlierIn() {
    assertThat(Observer.MIN_MAX.range(bell(true)).max()).isEqualTo(100);
  }

  @Test
  void movingAverage_takesATenthOfTheLastBatch() {
    // about 3.9, the usual maximum of 10,000, and a tenth of the way to 100
    assertThat(Observer.MOVING_AVERAGE.range(bell(true)).max()).isCloseTo(13.4, within(.5));
  }

  @Test
  void percentile_clipsATenthOfAThousandth() {
    // |x| of a normal number exceeds 3.89 once in 10,000 times: the tenth largest of 100,000, which
    // has a deviation of 0.08
    assertThat(Observer.PERCENTILE.range(bell(false)).max()).isCloseTo(3.89, within(.4));
    assertThat(bell(false).histogram().clipped(Observer.PERCENTILE.range(bell(false))))
        .isLessThanOrEqualTo(1e-4);
  }

  @Test
  void mse_errsLeastOfTheSharesOfTheRange() {
    TensorStatistics seen = new TensorStatistics();
    // even from -1 to 1 but for two of 1.1: all of it costs (2.2 / 255)^2 / 12 = 6.2e-6, up to 1
    // (2 / 255)^2 / 12 + 2 x 0.1^2 / 100,000 = 5.3e-6
    float[] batch = new float[10 * BATCH];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = 2f * i / batch.length - 1;
    }
    batch[0] = -1.1f;
    batch[1] = 1.1f;
    seen.see(HostTensor.ofFloats(Shape.of(batch.length), batch));
    Histogram h = seen.histogram();
    Range range = Observer.MSE.range(seen);
    assertThat(range.max()).isBetween(.98, 1.05);
    for (double share = .05; share <= 1; share += .05) {
      Range other = new Range(h.range().min() * share, h.range().max() * share);
      assertThat(Observer.error(h, range)).isLessThanOrEqualTo(1.001 * Observer.error(h, other));
    }
  }

  @Test
  void kl_withAnOutlier_clipsIt() {
    Range range = Observer.KL.range(bell(true));
    assertThat(range.max()).isBetween(2.5, 20.0);
  }

  @Test
  void range_ofNothingButZeros_isZeroForAll() {
    TensorStatistics seen = new TensorStatistics();
    seen.see(HostTensor.ofFloats(Shape.of(100), new float[100]));
    for (Observer observer : Observer.values()) {
      assertThat(observer.range(seen)).as(observer.name()).isEqualTo(new Range(0, 0));
    }
  }

  @Test
  void see_whatIsNotFinite_isNoticedAndNotCounted() {
    TensorStatistics seen = new TensorStatistics();
    assertThat(seen.see(HostTensor.ofFloats(Shape.of(2), 1, Float.NaN))).isFalse();
    assertThat(seen.see(HostTensor.ofFloats(Shape.of(2), 1, Float.NEGATIVE_INFINITY))).isFalse();
    assertThat(seen.histogram().count()).isZero();
    assertThat(seen.see(HostTensor.ofFloats(Shape.of(2), 1, 2))).isTrue();
  }
}
