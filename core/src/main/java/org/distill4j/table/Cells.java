package org.distill4j.table;

import java.util.regex.Pattern;

/** Parses the text of a cell. */
public final class Cells {
  private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?|[+-]?∞");

  private static final int LONGEST_INFINITE = "+infinity".length();

  private Cells() {}

  /** The cell as a finite number of 32 bits, else NaN. */
  public static float number(String cell) {
    char last = cell.isEmpty() ? ' ' : cell.charAt(cell.length() - 1);
    if ((last != '.' && (last < '0' || last > '9')) || isHexadecimal(cell)) {
      return Float.NaN; // parseFloat also takes 1f, 2d, 0x1p3, NaN and Infinity
    }
    try {
      float value = Float.parseFloat(cell);
      return Float.isInfinite(value) ? Float.NaN : value;
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  private static boolean isHexadecimal(String cell) {
    int at = cell.charAt(0) == '-' || cell.charAt(0) == '+' ? 2 : 1;
    return cell.length() > at && (cell.charAt(at) == 'x' || cell.charAt(at) == 'X');
  }

  /** The cell as a finite number of 64 bits, else NaN. */
  public static double wide(String cell) {
    double value = unbounded(cell);
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /**
   * Whether a cell is a number beyond all that a float can be, or infinity by its name: {@code
   * 1e39}, {@code -inf}.
   */
  public static boolean isHuge(String cell) {
    return Math.abs(unbounded(cell)) > Float.MAX_VALUE || isInfinite(cell);
  }

  private static boolean isInfinite(String cell) {
    return !cell.isEmpty()
        && cell.length() <= LONGEST_INFINITE
        && "+-iI∞".indexOf(cell.charAt(0)) >= 0
        && INFINITE.matcher(cell).matches();
  }

  /** Also infinite, where digits say more than 64 bits hold. */
  private static double unbounded(String cell) {
    boolean digits = false;
    for (int i = 0; i < cell.length(); i++) { // parseDouble also takes 1f, 0x1p3, NaN, blanks
      char c = cell.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      digits |= digit;
      if (!digit && c != '.' && c != '-' && c != '+' && !(digits && (c == 'e' || c == 'E'))) {
        return Double.NaN;
      }
    }
    if (!digits) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
