package org.distill4j.table;

/** Parses the text of a cell. */
public final class Cells {
  private Cells() {}

  /** The cell as a finite number, else NaN. */
  public static float number(String cell) {
    char last = cell.isEmpty() ? ' ' : cell.charAt(cell.length() - 1);
    if (last != '.' && (last < '0' || last > '9')) {
      return Float.NaN; // parseFloat also takes 1f, 2d, NaN and Infinity
    }
    try {
      float value = Float.parseFloat(cell);
      return Float.isInfinite(value) ? Float.NaN : value;
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
