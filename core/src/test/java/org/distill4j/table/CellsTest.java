package org.distill4j.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellsTest {
  @Test
  void isHuge_infinityByNameOrNumbersBeyondFloats_areHuge() {
    for (String cell :
        List.of("inf", "-INF", "+Infinity", "infinity", "∞", "-∞", "1e39", "-1e999")) {
      assertThat(Cells.isHuge(cell)).as(cell).isTrue();
    }
  }

  @Test
  void isHuge_textAndSmallNumbers_areNot() {
    for (String cell :
        List.of("", "info", "infinity1", "i", "+", "-", "+-inf", "x", "3e38", "in f")) {
      assertThat(Cells.isHuge(cell)).as(cell).isFalse();
    }
  }
}
