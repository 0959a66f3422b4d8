package org.distill4j.data.source;

import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Cells;

/**
 * What the columns of a CSV file are called and which of them is the label.
 *
 * @param file what messages call the file
 * @param names the header's, or none
 * @param count how many columns there are, the label's among them
 * @param label the label's, counting from 0
 */
record CsvColumns(String file, List<String> names, int count, int label) {
  /**
   * Makes sense of the first line. It is a header if the label's column is named in it, or if none
   * of its cells is a number.
   *
   * @param label a column's name, or its number counting from 1; blank for the last column
   */
  static CsvColumns of(String file, List<String> first, String label) {
    if (first.size() < 2) {
      throw new InputFault(
          file + ":1: 1 column (expected: numbers and a label, separated by commas)");
    }
    boolean named = first.contains(label);
    boolean header = named || first.stream().noneMatch(CsvColumns::isNumber);
    int column = named ? first.indexOf(label) : number(file, first, label) - 1;
    return new CsvColumns(file, header ? List.copyOf(first) : List.of(), first.size(), column);
  }

  private static int number(String file, List<String> first, String label) {
    if (label.isBlank()) {
      return first.size();
    }
    try {
      int number = Integer.parseInt(label);
      if (number >= 1 && number <= first.size()) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for both
    }
    throw new InputFault(
        "%s: no column '%s' for the label (expected: a name in line 1, or 1 to %d)"
            .formatted(file, label, first.size()));
  }

  private static boolean isNumber(String cell) {
    return !Float.isNaN(Cells.number(cell));
  }

  /** Whether the first line is a header. */
  boolean hasHeader() {
    return !names.isEmpty();
  }

  /** How many numbers an example has. */
  int features() {
    return count - 1;
  }

  /** What messages call a column: its name in quotes, or its number counting from 1. */
  String title(int column) {
    return hasHeader() ? "'" + names.get(column) + "'" : "" + (column + 1);
  }

  /** One line for a cell that cannot be used. */
  InputFault bad(long line, int column, String cell, String expected, String wayOut) {
    String shown = cell.length() > 40 ? cell.substring(0, 40) + "..." : cell;
    return new InputFault(
        "%s:%d column %s: '%s' (expected: %s)%s"
            .formatted(file, line, title(column), shown, expected, wayOut));
  }
}
