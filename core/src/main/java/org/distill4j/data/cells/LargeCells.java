package org.distill4j.data.cells;

import java.util.Arrays;
import org.distill4j.table.Cells;

/** The large cells of a file of numbers: whether floats of 32 bits still tell them apart. */
final class LargeCells {
  /** Up to it floats hold all whole numbers. */
  static final float LARGEST_HELD = 1 << 24;

  /** So many steps between the least and the largest lose nothing that a net would see. */
  private static final int STEPS = 4096;

  private final double[] least;
  private final double[] most;
  private final long[] lines; // of the first cell that no float holds; 0 for none
  private final String[] cells;

  LargeCells(int columns) {
    this.least = new double[columns];
    this.most = new double[columns];
    this.lines = new long[columns];
    this.cells = new String[columns];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
  }

  /** Adds a large cell of an input's column. */
  void add(int input, long line, String cell) {
    double number = Cells.wide(cell);
    least[input] = Math.min(least[input], number);
    most[input] = Math.max(most[input], number);
    if (lines[input] == 0 && number != (float) number) {
      lines[input] = line;
      cells[input] = cell;
    }
  }

  /** Refuses columns whose large numbers became a few. */
  void require(CsvColumns columns) {
    for (int i = 0; i < lines.length; i++) {
      double largest = Math.max(Math.abs(least[i]), Math.abs(most[i]));
      boolean few = (most[i] - least[i]) / Math.ulp((float) largest) < STEPS;
      if (lines[i] > 0 && most[i] > least[i] && few) {
        throw columns.bad(
            lines[i],
            columns.inputs().get(i),
            cells[i],
            "numbers that 32 bits tell apart",
            "; the setting 'table: {}' scales them before they are shortened");
      }
    }
  }
}
