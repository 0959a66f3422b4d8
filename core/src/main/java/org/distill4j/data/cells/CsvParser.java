package org.distill4j.data.cells;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import java.util.List;
import org.distill4j.data.ClassNumbers;
import org.distill4j.data.text.CellReader;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.table.Cells;

/** Parses a file of numbers into what a {@link CsvDataset} maps, once. */
final class CsvParser {
  /** Labels without class names beyond this are taken for something else. */
  private static final int MOST_CLASSES = 65_536;

  private static final String TABLE =
      "; a header and the setting 'table: {}' allow names and empty cells";

  private final CsvColumns columns;
  private final boolean named;
  private final ClassNames lookup;
  private final int[] inputs;
  private final BitSet met = new BitSet(); // labels plus one
  private final LargeCells large; // null where numbers are taken as they are
  private InputFault negative;

  /**
   * Begins.
   *
   * @param classes their names, or none
   * @param held whether numbers that floats do not tell apart are refused
   */
  CsvParser(CsvColumns columns, List<String> classes, boolean held) {
    this.columns = columns;
    this.named = !classes.isEmpty();
    this.lookup = new ClassNames(classes, true);
    this.inputs = columns.inputs().stream().mapToInt(c -> c).toArray();
    this.large = held ? new LargeCells(inputs.length) : null;
  }

  void parse(FileChannel to) throws IOException {
    int rowBytes = 4 * (inputs.length + 1);
    ByteBuffer rows =
        ByteBuffer.allocateDirect(Math.max(1 << 16, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long count = 0;
    to.position(CsvDataset.HEAD);
    try (CellReader lines = columns.file().open()) {
      List<String> cells = lines.next();
      cells = columns.header().inFile() ? lines.next() : cells;
      for (; cells != null; cells = lines.next(), count++) {
        if (rows.remaining() < rowBytes) {
          AtomicFile.writeFully(to, rows.flip());
          rows.clear();
        }
        if (cells.size() != columns.count()) {
          throw lines.otherLength(cells.size(), columns.count() + ", as the first line has");
        }
        put(lines.number(), cells, rows);
      }
    }
    if (count == 0) {
      throw new InputFault(
          columns.file().name() + ": a header only (expected: at least one example)");
    }
    if (large != null) {
      large.require(columns);
    }
    if (negative != null && !ClassNumbers.isSign(met)) {
      throw negative;
    }
    AtomicFile.writeFully(to, rows.flip());
    rows.clear().putInt(inputs.length).putInt(Math.max(1, met.length() - 1)).putLong(count);
    to.position(0);
    AtomicFile.writeFully(to, rows.flip());
  }

  /** Puts one line's numbers and its label. */
  private void put(long line, List<String> cells, ByteBuffer rows) {
    for (int i = 0; i < inputs.length; i++) {
      int column = inputs[i];
      float value = Cells.number(cells.get(column));
      if (Float.isNaN(value)) {
        throw columns.bad(line, column, cells.get(column), "a finite number", TABLE);
      }
      if (large != null && Math.abs(value) > LargeCells.LARGEST_HELD) {
        large.add(i, line, cells.get(column));
      }
      rows.putFloat(value);
    }
    int label = label(line, cells.get(columns.label()));
    met.set(label + 1);
    rows.putInt(label);
  }

  private int label(long line, String cell) {
    if (named) {
      int place = lookup.place(cell);
      if (place < 0) {
        throw columns.bad(line, columns.label(), cell, lookup.expected(), "");
      }
      return place;
    }
    float value = Cells.number(cell);
    if (value == -1 && negative == null) {
      negative = noClass(line, cell);
    }
    if (value >= -1 && value < MOST_CLASSES && value == (int) value) {
      return (int) value;
    }
    throw noClass(line, cell);
  }

  private InputFault noClass(long line, String cell) {
    return columns.bad(
        line,
        columns.label(),
        cell,
        "a class, 0 to %s; names need the setting classes".formatted(MOST_CLASSES - 1),
        "");
  }
}
