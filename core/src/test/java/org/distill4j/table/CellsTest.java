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
  void number_whatOnlyProgramsSpell_isNone() {
    for (String cell : List.of("0x1p3", "-0X1P3", "+0x1.8p1", "1f", "2d", "NaN", "0x", "")) {
      assertThat(Cells.number(cell)).as(cell).isNaN();
      assertThat(Cells.wide(cell)).as(cell).isNaN();
    }
    for (String cell : List.of("3", "-3", "+.5", "1e3", "7.")) {
      assertThat(Cells.number(cell)).as(cell).isEqualTo((float) Cells.wide(cell));
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
