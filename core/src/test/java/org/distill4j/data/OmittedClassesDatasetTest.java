package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class OmittedClassesDatasetTest {
  private static final ArrayDataset ALL =
      new ArrayDataset(
          "six",
          Shape.of(1),
          List.of("a", "b", "c"),
          new float[][] {{10}, {11}, {12}, {13}, {14}, {15}},
          new int[] {0, 1, 2, 1, 0, 2},
          Preprocessing.NONE);

  @Test
  void of_oneClass_keepsTheOthersInTheirOrderUnderTheirNumbers() {
    Dataset without = OmittedClassesDataset.of(ALL, List.of("b"));
    assertThat(without.size()).isEqualTo(4);
    assertThat(without.classes()).containsExactly("a", "b", "c");
    float[] values = new float[4];
    int[] labels = new int[4];
    for (int i = 0; i < 4; i++) {
      without.read(i, FloatBuffer.wrap(values, i, 1));
      labels[i] = without.label(i);
    }
    assertThat(values).containsExactly(10, 12, 14, 15);
    assertThat(labels).containsExactly(0, 2, 0, 2);
    assertThat(without.sha256())
        .isNotEqualTo(ALL.sha256())
        .isNotEqualTo(OmittedClassesDataset.of(ALL, List.of("a")).sha256());
  }

  @Test
  void of_nothing_isTheDataThemselves() {
    assertThat(OmittedClassesDataset.of(ALL, List.of())).isSameAs(ALL);
  }

  @Test
  void of_unknownOrAlmostAllClasses_isRefusedInOneLine() {
    assertThatThrownBy(() -> OmittedClassesDataset.of(ALL, List.of("d")))
        .isInstanceOf(InputFault.class)
        .hasMessage("omit: 'd' is no class of data 'six' (expected: one of a, b, c)");
    assertThatThrownBy(() -> OmittedClassesDataset.of(ALL, List.of("a", "b")))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "omit: [a, b] leave 1 classes with examples in data 'six' (expected: at least 2)");
  }
}
