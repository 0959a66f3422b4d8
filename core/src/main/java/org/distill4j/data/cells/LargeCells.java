package org.distill4j.data.cells;

import java.util.Arrays;
import org.distill4j.table.Cells;
import org.distill4j.table.FloatRange;

/** The large cells of a file of numbers: whether floats of 32 bits still tell them apart. */
final class LargeCells {
  /** Up to it floats hold all whole numbers. */
  static final float LARGEST_HELD = 1 << 24;

  private final FloatRange[] ranges;
  private final long[] lines; // of the first cell that no float holds; 0 for none
  private final String[] cells;

  LargeCells(int columns) {
    this.ranges = new FloatRange[columns];
    this.lines = new long[columns];
    this.cells = new String[columns];
    Arrays.setAll(ranges, c -> new FloatRange());
  }

  /** Adds a large cell of an input's column. */
  void add(int input, long line, String cell) {
    if (!ranges[input].add(Cells.wide(cell)) && lines[input] == 0) {
      lines[input] = line;
      cells[input] = cell;
    }
  }

  /** Refuses columns whose large numbers became a few. */
  void require(CsvColumns columns) {
    for (int i = 0; i < ranges.length; i++) {
      if (ranges[i].isLost()) {
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
