package org.distill4j.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
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
      double step = step(scaled, numbers[at]);
      return column instanceof Column.Dated
          ? LocalDate.ofEpochDay((long) Math.floor(raw + step + 1e-6)).toString()
          : kept(raw, step).toPlainString();
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

  /** How far the raw numbers of two neighbouring floats are apart. */
  private static double step(Column.Scaled scaled, float number) {
    return scaled.raw((double) number + Math.ulp(number)) - scaled.raw(number);
  }

  /** A number without the digits that are the rounding's: 3e-9 in steps of 1e-8 is 0. */
  private static BigDecimal kept(double raw, double step) {
    BigDecimal number = new BigDecimal(raw);
    boolean stepped = step > 0 && step < Double.POSITIVE_INFINITY;
    return (stepped
            ? number.setScale(-(int) Math.ceil(Math.log10(step)), RoundingMode.HALF_EVEN)
            : number)
        .round(DIGITS)
        .stripTrailingZeros();
  }
}
