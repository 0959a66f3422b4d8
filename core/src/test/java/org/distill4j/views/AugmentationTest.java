package org.distill4j.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  private static AugmentationBuffer canvas(long channels, long height, long width) {
    return new AugmentationBuffer(Shape.of(channels, height, width), Preprocessing.NONE);
  }

  /** Every pixel has a value of its own, from 1. */
  private static AugmentationBuffer numbered(long channels, long height, long width) {
    AugmentationBuffer canvas = canvas(channels, height, width);
    for (int i = 0; i < canvas.values().length; i++) {
      canvas.values()[i] = i + 1;
    }
    return canvas;
  }

  private static RandomStream draws(long index) {
    RandomStream draws = new RandomStream();
    draws.restart(11, 0, index, 0);
    return draws;
  }

  @Test
  void shift_byAnyDistance_movesAllChannelsAlikeAndBringsInZeros() {
    Map<String, Integer> seen = new HashMap<>();
    for (int index = 0; index < 500; index++) {
      RandomStream told = draws(index);
      int right = told.whole(-2, 2);
      int down = told.whole(-2, 2);
      AugmentationBuffer canvas = numbered(CHANNELS, HEIGHT, WIDTH);
      new Shift(2).apply(canvas, draws(index));
      for (int c = 0; c < CHANNELS; c++) {
        for (int y = 0; y < HEIGHT; y++) {
          for (int x = 0; x < WIDTH; x++) {
            boolean inside =
                y - down >= 0 && y - down < HEIGHT && x - right >= 0 && x - right < WIDTH;
            float expected = inside ? (c * HEIGHT + y - down) * WIDTH + x - right + 1 : 0;
            assertThat(canvas.values()[(c * HEIGHT + y) * WIDTH + x]).isEqualTo(expected);
          }
        }
      }
      seen.merge(right + "," + down, 1, Integer::sum);
    }
    assertThat(seen).hasSize(25);
  }

  @Test
  void shift_fartherThanTheImage_leavesNothing() {
    AugmentationBuffer canvas = numbered(1, 2, 2);
    long index = 0;
    while (Math.abs(draws(index).whole(-9, 9)) < 2) {
      index++;
    }
    new Shift(9).apply(canvas, draws(index));
    assertThat(canvas.values()).containsOnly(0);
  }

  @Test
  void flip_always_mirrorsEachRowOrTheRows() {
    AugmentationBuffer wide = numbered(2, 2, 3);
    new Flip(Flip.Axis.HORIZONTAL, 1).apply(wide, draws(0));
    assertThat(wide.values()).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10);
    AugmentationBuffer tall = numbered(1, 3, 2);
    new Flip(Flip.Axis.VERTICAL, 1).apply(tall, draws(0));
    assertThat(tall.values()).containsExactly(5, 6, 3, 4, 1, 2);
  }

  @Test
  void flip_atHalf_happensToAboutHalf() {
    int flipped = 0;
    for (int index = 0; index < 1000; index++) {
      AugmentationBuffer canvas = numbered(1, 1, 2);
      new Flip(Flip.Axis.HORIZONTAL, 0.5).apply(canvas, draws(index));
      flipped += canvas.values()[0] == 2 ? 1 : 0;
    }
    assertThat(flipped).isBetween(420, 580); // 5 standard deviations of 15.8
  }

  @Test
  void rotate_byAQuarter_turnsCounterClockwise() {
    AugmentationBuffer canvas = numbered(1, 3, 3);
    Rotate.turn(canvas, 90);
    float[] expected = {3, 6, 9, 2, 5, 8, 1, 4, 7};
    for (int i = 0; i < 9; i++) {
      assertThat(canvas.values()[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Test
  void rotate_byAnEighth_bringsInZerosAtTheCorners() {
    AugmentationBuffer canvas = canvas(1, 9, 9);
    java.util.Arrays.fill(canvas.values(), 1);
    Rotate.turn(canvas, 45);
    assertThat(canvas.values()[0]).isZero();
    assertThat(canvas.values()[80]).isZero();
    assertThat(canvas.values()[40]).isEqualTo(1);
  }

  @Test
  void crop_ofTheWhole_changesNothing() {
    AugmentationBuffer canvas = numbered(2, 4, 4);
    Crop.cut(canvas, 0, 0, 1, 1);
    assertThat(canvas.values()).isEqualTo(numbered(2, 4, 4).values());
  }

  /** Pixel x of the result is centred at (x + 1/2) / 2 of the left half: at -1/4, 1/4, 3/4, 5/4. */
  @Test
  void crop_ofTheLeftHalf_stretchesItBetweenItsPixels() {
    AugmentationBuffer canvas = numbered(1, 1, 4);
    Crop.cut(canvas, 0, 0, 0.5, 1);
    assertThat(canvas.values()).containsExactly(1, 1.25f, 1.75f, 2.25f);
  }

  @Test
  void crop_ofAConstantImage_staysInsideIt() {
    for (int index = 0; index < 200; index++) {
      AugmentationBuffer canvas = canvas(1, 8, 6);
      java.util.Arrays.fill(canvas.values(), 3);
      new Crop(0.3).apply(canvas, draws(index));
      assertThat(canvas.values()).containsOnly(3);
    }
  }

  @Test
  void erase_always_setsOneRectangleWithinItsBoundsToZero() {
    for (int index = 0; index < 300; index++) {
      AugmentationBuffer canvas = numbered(2, 20, 20);
      new Erase(0.25, 1).apply(canvas, draws(index));
      int top = 20;
      int bottom = -1;
      int left = 20;
      int right = -1;
      int zeros = 0;
      for (int i = 0; i < 400; i++) {
        assertThat(canvas.values()[i] == 0).isEqualTo(canvas.values()[400 + i] == 0);
        if (canvas.values()[i] == 0) {
          zeros++;
          top = Math.min(top, i / 20);
          bottom = Math.max(bottom, i / 20);
          left = Math.min(left, i % 20);
          right = Math.max(right, i % 20);
        }
      }
      assertThat(zeros).isEqualTo((bottom - top + 1) * (right - left + 1));
      assertThat(zeros).isBetween(4, 120); // 0.02 to 0.25 of 400, sides rounded
    }
  }

  @Test
  void noise_onZeros_isNormalWithItsDeviationInUnitsOfTheNet() {
    AugmentationBuffer canvas =
        new AugmentationBuffer(Shape.of(1, 400, 400), Preprocessing.scale(1 / 255.0));
    new Noise(0.1).apply(canvas, draws(0));
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    double neighbours = 0;
    float[] values = canvas.values();
    for (int i = 0; i < values.length; i++) {
      double z = values[i] / 25.5;
      sum += z;
      squares += z * z;
      fourths += z * z * z * z;
      neighbours += i == 0 ? 0 : z * values[i - 1] / 25.5;
    }
    int n = values.length; // 160,000: standard errors 0.0025, 0.0035, 0.024, 0.0025
    assertThat(sum / n).isCloseTo(0, within(0.0125));
    assertThat(squares / n).isCloseTo(1, within(0.018));
    assertThat(fourths / n).isCloseTo(3, within(0.13));
    assertThat(neighbours / n).isCloseTo(0, within(0.0125));
  }

  @Test
  void check_ofExamplesThatAreNoImages_isRefusedButForNoiseAndMixup() {
    Shape row = Shape.of(8);
    assertThatThrownBy(() -> new Shift(2).check("mine", row))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "augment: shift of examples [8] of data 'mine' (expected: images [channels, height,"
                + " width]); noise and mixup vary any example");
    for (Augmentation step : List.of(new Crop(0.5), new Rotate(5), new Erase(0.2, 1))) {
      assertThatThrownBy(() -> step.check("mine", row)).isInstanceOf(InputFault.class);
    }
    new Noise(0.1).check("mine", row);
    new Mixup(0.2).check("mine", row);
  }

  @Test
  void settings_outOfBounds_areRefused() {
    assertThatThrownBy(() -> new Shift(0)).hasMessage("pixels: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new Rotate(181))
        .hasMessage("degrees: 181.0 (expected: 0 < degrees <= 180)");
    assertThatThrownBy(() -> new Crop(1)).hasMessage("least: 1.0 (expected: 0 < least < 1)");
    assertThatThrownBy(() -> new Flip(Flip.Axis.VERTICAL, 1.5))
        .hasMessage("probability: 1.5 (expected: 0 <= probability <= 1)");
    assertThatThrownBy(() -> new Erase(0.01, 1))
        .hasMessage("most: 0.01 (expected: 0.02 < most <= 1)");
    assertThatThrownBy(() -> new Noise(Double.NaN))
        .hasMessage("deviation: NaN (expected: > 0 and finite)");
    assertThatThrownBy(() -> new Mixup(0)).hasMessage("alpha: 0.0 (expected: > 0 and finite)");
    assertThatThrownBy(() -> new Views(List.of(new Mixup(1), new Mixup(1)), 1, 0))
        .hasMessage("augment: mixup given twice (expected: once)");
  }

  @Test
  void says_eachStep_isWordsAndNoRecord() {
    List<Augmentation> steps =
        List.of(
            new Shift(1),
            new Shift(3),
            new Crop(0.07),
            new Flip(Flip.Axis.VERTICAL, 0.5),
            new Rotate(5),
            new Erase(0.25, 1),
            new Noise(0.1),
            new Mixup(0.2));
    assertThat(steps.stream().map(Augmentation::says))
        .containsExactly(
            "shifts of up to 1 pixel",
            "shifts of up to 3 pixels",
            "crops to at least 7 % of the area",
            "vertical flips (50 %)",
            "rotations of up to 5 degrees",
            "erasing of up to 25 % of the area (100 %)",
            "noise of deviation 0.1",
            "mixup with alpha 0.2");
  }
}
