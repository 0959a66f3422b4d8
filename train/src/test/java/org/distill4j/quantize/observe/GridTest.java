package org.distill4j.quantize.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.Test;

class GridTest {
  private static final double[] NUMBERS = {-1.3, -.4, 0, .2, .9, 2.55};

  private static int[] integers(Grid grid) {
    return DoubleStream.of(NUMBERS).mapToInt(grid::integer).toArray();
  }

  @Test
  void affine_ofUnsignedNumbers_hasTheGoldenIntegers() {
    Grid grid = Grid.affine(new Range(-1.3, 2.55), DType.UINT8);
    assertThat(grid.scale()).isCloseTo(.015098f, within(1e-6f)); // 3.85 / 255
    assertThat(grid.zero()).isEqualTo(86); // rint(1.3 / 0.015098)
    assertThat(integers(grid)).containsExactly(0, 60, 86, 99, 146, 255);
  }

  @Test
  void symmetric_ofEightBits_hasTheGoldenIntegers() {
    Grid grid = Grid.symmetric(2.55, 8);
    assertThat(grid.scale()).isCloseTo(.020079f, within(1e-6f)); // 2.55 / 127
    assertThat(integers(grid)).containsExactly(-65, -20, 0, 10, 45, 127);
  }

  @Test
  void symmetric_ofSevenBits_staysWithin63() {
    Grid grid = Grid.symmetric(2.55, 7);
    assertThat(grid.integer(-99)).isEqualTo(-63);
    assertThat(grid.integer(99)).isEqualTo(63);
  }

  @Test
  void integer_halfWay_isRoundedToEven() {
    Grid grid = new Grid(1, 0, -128, 127);
    assertThat(grid.integer(.5)).isZero();
    assertThat(grid.integer(1.5)).isEqualTo(2);
    assertThat(grid.integer(-2.5)).isEqualTo(-2);
  }

  @Test
  void affine_anyRange_keepsZeroExact() {
    for (double min = -3; min <= 3; min += .7) {
      for (double width = 0; width < 4; width += .9) {
        Grid grid = Grid.affine(new Range(min, min + width), DType.INT8);
        assertThat(grid.nearest(0)).isZero();
      }
    }
  }

  @Test
  void affine_nothingButZero_hasScaleOne() {
    assertThat(Grid.affine(new Range(0, 0), DType.UINT8)).isEqualTo(new Grid(1, 0, 0, 255));
    assertThat(Grid.symmetric(0, 8).scale()).isEqualTo(1);
  }

  @Test
  void range_notFinite_isRefused() {
    assertThatThrownBy(() -> new Range(0, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("range: 0.0 to Infinity (expected: finite, from low to high)");
  }
}
