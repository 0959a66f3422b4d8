package org.distill4j.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The cells of a table's row, told back from the numbers that they became. */
final class RowCells {
  /** As much as 32 bits have kept. */
  private static final MathContext DIGITS = new MathContext(6);

  private RowCells() {}

  /** Name and value of each column. */
  static List<List<String>> of(Table table, float[] numbers) {
    List<List<String>> cells = new ArrayList<>();
    int at = 0;
    for (Column column : table.columns()) {
      cells.add(List.of(column.name(), value(column, numbers, at)));
      at += column.width();
    }
    return cells;
  }

  private static String value(Column column, float[] numbers, int at) {
    if (column instanceof Column.Scaled scaled) {
      if (scaled.missing() && numbers[at + 1] == 1) {
        return "";
      }
      double raw = scaled.raw(numbers[at]);
      double lost = Math.ulp(numbers[at]) * scaled.scale() + 1e-6; // as 32 bits rounded
      return column instanceof Column.Dated
          ? LocalDate.ofEpochDay((long) Math.floor(raw + lost)).toString()
          : new BigDecimal(raw).round(DIGITS).stripTrailingZeros().toPlainString();
    }
    Column.Categorical names = (Column.Categorical) column;
    for (int place = 0; place < names.width(); place++) {
      if (numbers[at + place] == 1) {
        return names.isKnown(place)
            ? names.values().get(place)
            : place == names.missingPlace() ? "" : "another";
      }
    }
    return names.other() ? "" : "another or none";
  }
}
