package org.distill4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static double largest(double[] a, double... b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Differences.larger(most, a[i], b[i]);
    }
    return most;
  }

  @Test
  void larger_ofSomePairs_isTheLargestDifference() {
    assertThat(largest(new double[] {1, 2, -3}, 1.5, 2, 1)).isEqualTo(4);
    assertThat(largest(new double[] {7, 7}, 7, 7)).isZero();
  }

  @Test
  void larger_afterWhatIsNoNumber_staysSo() {
    assertThat(largest(new double[] {0, Double.NaN, 0}, 1, 0, 9)).isNaN();
    assertThat(largest(new double[] {0, Double.POSITIVE_INFINITY, 0}, 1, 0, 9)).isInfinite();
  }

  @Test
  void larger_inALoopThatIsCompiled_isWhatMaxSays() {
    double[] a = new SplittableRandom(3).doubles(4096, -1, 1).toArray();
    double[] b = new SplittableRandom(4).doubles(4096, -1, 1).toArray();
    double expected = 0;
    for (int i = 0; i < a.length; i++) {
      expected = Math.max(expected, Math.abs(a[i] - b[i]));
    }
    for (int run = 0;
        run < 1000;
        run++) { // 4 million steps: the compiler's last stage has its turn
      assertThat(largest(a, b)).isEqualTo(expected);
    }
  }
}
