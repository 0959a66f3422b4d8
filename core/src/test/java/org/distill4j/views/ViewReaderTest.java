package org.distill4j.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ViewReaderTest {
  private static final int SIZE = 20;
  private static final List<Augmentation> ALL =
      List.of(
          new Shift(2),
          new Rotate(10),
          new Crop(0.7),
          new Flip(Flip.Axis.HORIZONTAL, 0.5),
          new Mixup(0.4),
          new Erase(0.2, 0.5),
          new Noise(0.05));

  private static ArrayDataset data() {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    float[][] values = new float[SIZE][2 * 8 * 8];
    int[] labels = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int k = 0; k < values[i].length; k++) {
        values[i][k] = random.nextInt(256);
      }
      labels[i] = i % 2;
    }
    return new ArrayDataset(
        "pictures",
        Shape.of(2, 8, 8),
        List.of("a", "b"),
        values,
        labels,
        Preprocessing.scale(1 / 255.0));
  }

  private static float[] seen(ViewReader viewer, long view, long index, Preprocessing how) {
    viewer.look(view, index);
    float[] values = new float[2 * 8 * 8];
    viewer.write(new Preprocessed(data(), how), FloatBuffer.wrap(values));
    return values;
  }

  private static float[] raw(ViewReader viewer, long view, long index) {
    return seen(viewer, view, index, Preprocessing.NONE);
  }

  @Test
  void look_inAnyOrder_isAFunctionOfSeedViewAndIndex() {
    Views views = new Views(ALL, 3, 0);
    ViewReader forward = new ViewReader(views, data());
    ViewReader backward = new ViewReader(views, data());
    float[][] first = new float[3 * SIZE][];
    for (int i = 0; i < 3 * SIZE; i++) {
      first[i] = raw(forward, i / SIZE, i % SIZE);
    }
    for (int i = 3 * SIZE - 1; i >= 0; i--) {
      assertThat(raw(backward, i / SIZE, i % SIZE)).isEqualTo(first[i]);
    }
    assertThat(first[0]).isNotEqualTo(first[SIZE]);
    assertThat(raw(new ViewReader(new Views(ALL, 4, 0), data()), 0, 0)).isNotEqualTo(first[0]);
  }

  @Test
  void write_forTwoModels_isTheSameViewUnderTheirPreprocessings() {
    ViewReader viewer = new ViewReader(new Views(ALL, 3, 0), data());
    Preprocessing other = new Preprocessing(1 / 255.0, List.of(0.5, 0.4), List.of(0.2, 0.3));
    float[] raw = raw(viewer, 1, 7);
    float[] taken = seen(viewer, 1, 7, other);
    for (int i = 0; i < raw.length; i++) {
      double mean = i < 64 ? 0.5 : 0.4;
      double std = i < 64 ? 0.2 : 0.3;
      assertThat(taken[i]).isCloseTo((float) ((raw[i] / 255.0 - mean) / std), within(1e-4f));
    }
  }

  @Test
  void look_withMixup_mixesTwoViewsOfTheStepsBeforeIt() {
    ViewReader viewer =
        new ViewReader(new Views(List.of(new Shift(1), new Mixup(0.8)), 3, 0), data());
    ViewReader shifted = new ViewReader(new Views(List.of(new Shift(1)), 3, 0), data());
    TreeSet<Long> partners = new TreeSet<>();
    for (long index = 0; index < SIZE; index++) {
      float[] mixture = raw(viewer, 2, index);
      double share = viewer.share();
      partners.add(viewer.partner());
      assertThat(viewer.index()).isEqualTo(index);
      assertThat(share).isBetween(0.0, 1.0);
      float[] one = raw(shifted, 2, index);
      float[] other = raw(shifted, 2, viewer.partner());
      for (int i = 0; i < mixture.length; i++) {
        assertThat(mixture[i])
            .isCloseTo((float) (share * one[i] + (1 - share) * other[i]), within(1e-3f));
      }
    }
    assertThat(partners).hasSizeGreaterThan(8);
  }

  @Test
  void look_withMixupAmongSome_mixesWithThoseAlone() {
    Views views = new Views(List.of(new Mixup(0.8)), 3, 0);
    ViewReader viewer = new ViewReader(views, data(), 3, i -> 10 + i);
    for (long index = 0; index < SIZE; index++) {
      viewer.look(0, index);
      assertThat(viewer.partner()).isBetween(10L, 12L);
    }
  }

  @Test
  void look_withoutMixup_isAllItsOwn() {
    ViewReader viewer = new ViewReader(new Views(List.of(new Noise(0.1)), 3, 0), data());
    viewer.look(0, 4);
    assertThat(viewer.share()).isEqualTo(1);
    assertThat(viewer.partner()).isEqualTo(4);
  }

  @Test
  void at_ofAFewViews_takesThemByTurns() {
    Views three = new Views(ALL, 1, 3);
    assertThat(Arrays.stream(new long[] {0, 1, 2, 3, 4, 5}).map(three::at))
        .containsExactly(0L, 1L, 2L, 0L, 1L, 2L);
    assertThat(new Views(ALL, 1, 0).at(17)).isEqualTo(17);
  }

  @Test
  void name_ofAView_tellsAllThatItDependsOn() {
    Views views = new Views(List.of(new Shift(2), new Noise(0.1)), 9, 4);
    assertThat(views.name(3)).isEqualTo("view 3 of seed 9: Shift[pixels=2], Noise[deviation=0.1]");
  }

  /** What is allocated is counted for this thread alone, so other threads do not matter. */
  @Test
  void look_again_allocatesNothing() {
    ViewReader viewer = new ViewReader(new Views(ALL, 3, 0), data());
    Preprocessed how = new Preprocessed(data(), Preprocessing.scale(1 / 255.0));
    FloatBuffer target =
        ByteBuffer.allocateDirect(4 * 2 * 8 * 8).order(ByteOrder.nativeOrder()).asFloatBuffer();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2000; i++) {
      if (i == 1000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      viewer.look(i, i % SIZE);
      viewer.write(how, target.clear());
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }
}
