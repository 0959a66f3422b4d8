package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class SplitsTest {
  @Test
  void of_shares_partsEveryExampleOnce() {
    Splits splits = Splits.of(numbers(100), 0.1, 0.25, 7);
    assertThat(splits.validation().data().size()).isEqualTo(10);
    assertThat(splits.test().data().size()).isEqualTo(25);
    List<Float> all = new ArrayList<>(values(splits.train().data()));
    all.addAll(values(splits.validation().data()));
    all.addAll(values(splits.test().data()));
    assertThat(all).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void of_sameSeed_partsTheSameWay() {
    Splits one = Splits.of(numbers(50), 0.2, 0.2, 3);
    Splits again = Splits.of(numbers(50), 0.2, 0.2, 3);
    Splits other = Splits.of(numbers(50), 0.2, 0.2, 4);
    assertThat(values(again.train().data())).isEqualTo(values(one.train().data()));
    assertThat(again.train().data().sha256()).isEqualTo(one.train().data().sha256());
    assertThat(values(other.train().data())).isNotEqualTo(values(one.train().data()));
    assertThat(other.train().data().sha256()).isNotEqualTo(one.train().data().sha256());
  }

  @Test
  void sha256_asGivenByTheInterface_dependsOnValuesAndLabels() {
    Dataset all = numbers(5);
    String digest = all.sha256();
    assertThat(digest).hasSize(64).isEqualTo(numbers(5).sha256());
    assertThat(new WrongLabel(all, 9, 0).sha256()).isEqualTo(digest);
    assertThat(new WrongLabel(all, 3, 0).sha256()).isNotEqualTo(digest);
    assertThat(numbers(6).sha256()).isNotEqualTo(digest);
    assertThat(Splits.of(numbers(50), 0.2, 0.2, 3).sha256())
        .isEqualTo(Splits.of(numbers(50), 0.2, 0.2, 3).sha256())
        .isNotEqualTo(Splits.of(numbers(50), 0.2, 0.2, 4).sha256());
  }

  @Test
  void of_nothingLeftToTrainOn_isRefused() {
    assertThatThrownBy(() -> Splits.of(numbers(3), 0.5, 0.5, 1))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "data 'numbers': 2 for validation and 2 for the test of 3"
                + " (expected: one left to train on)");
    assertThatThrownBy(() -> Splits.of(numbers(3), 0, 0.5, 1))
        .hasMessage("validation: 0.0 (expected: 0 < share < 1)");
  }

  @Test
  void range_partOfTheData_countsFromItsOwnStart() {
    Dataset part = Subset.range(numbers(10), 6, 9);
    assertThat(values(part)).containsExactly(6f, 7f, 8f);
    assertThat(part.label(2)).isEqualTo(0);
    assertThatThrownBy(() -> part.label(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Subset.range(numbers(10), 4, 4))
        .hasMessage("examples: 4 to 4 of 'numbers' (expected: at least one, within 10)");
  }

  @Test
  void range_allOfTheData_isTheDataItself() {
    Dataset all = numbers(10);
    assertThat(Subset.range(all, 0, 10)).isSameAs(all);
  }

  @Test
  void check_labelOutOfRange_isNamed() {
    Dataset wrong = new WrongLabel(numbers(5), 3, 2);
    assertThatThrownBy(() -> ClassLabelCheck.check(wrong))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "data 'numbers': example 3 has label 2 (expected: 0 to 1, as it has 2 classes)");
    assertThat(ClassLabelCheck.check(numbers(5)).size()).isEqualTo(5);
  }

  @Test
  void arrayDataset_rowOfAnotherLength_isRefused() {
    assertThatThrownBy(
            () ->
                new ArrayDataset(
                    "mine",
                    Shape.of(2),
                    List.of("a"),
                    new float[][] {{1, 2}, {3}},
                    new int[2],
                    Preprocessing.NONE))
        .hasMessage("data 'mine': example 1 has 1 values (expected: 2, for [2])");
  }

  /** Example i holds the number i and has label i mod 2. */
  static Dataset numbers(int count) {
    float[][] values = new float[count][];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = new float[] {i};
      labels[i] = i % 2;
    }
    return new ArrayDataset(
        "numbers", Shape.of(1), List.of("even", "odd"), values, labels, Preprocessing.NONE);
  }

  private static List<Float> values(Dataset data) {
    FloatBuffer buffer = FloatBuffer.allocate((int) data.size());
    for (long i = 0; i < data.size(); i++) {
      data.read(i, buffer);
    }
    List<Float> values = new ArrayList<>();
    buffer.flip();
    while (buffer.hasRemaining()) {
      values.add(buffer.get());
    }
    return values;
  }

  private record WrongLabel(Dataset all, long at, int label) implements Dataset {
    @Override
    public String name() {
      return all.name();
    }

    @Override
    public Shape shape() {
      return all.shape();
    }

    @Override
    public List<String> classes() {
      return all.classes();
    }

    @Override
    public long size() {
      return all.size();
    }

    @Override
    public void read(long index, FloatBuffer target) {
      all.read(index, target);
    }

    @Override
    public int label(long index) {
      return index == at ? label : all.label(index);
    }
  }

  @Test
  void classes_numbersFromZero_arePlacesWhereNoNameIsANumber() {
    Random random = new Random(Seeds.of(231));
    int[] labels = random.ints(20, 0, 3).toArray();
    Dataset all =
        new ArrayDataset(
            "numbered",
            Shape.of(1),
            List.of("0", "1", "2"),
            new float[20][1],
            labels,
            Preprocessing.NONE);
    Splits named = Splits.of(all, all, all).classes(List.of("cat", "dog", "eel", "fox"));
    assertThat(named.classes()).containsExactly("cat", "dog", "eel", "fox");
    Splits turned = Splits.of(all, all, all).classes(List.of("3", "2", "1", "0"));
    for (int i = 0; i < labels.length; i++) {
      assertThat(named.test().data().label(i)).isEqualTo(labels[i]);
      assertThat(turned.test().data().label(i)).isEqualTo(3 - labels[i]);
    }
    for (List<String> other : List.of(List.of("cat", "dog"), List.of("a", "1", "c", "d"))) {
      assertThat(Splits.of(all, all, all).classes(other).classes()).isEqualTo(all.classes());
    }
  }
}
