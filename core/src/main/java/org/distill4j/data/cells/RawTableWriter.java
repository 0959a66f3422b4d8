package org.distill4j.data.cells;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.cells.RawTable.RawColumn;
import org.distill4j.data.store.RowWriter;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Column;

/** Writes the cells of a file as a {@link RawTable} has them, row after row. */
final class RawTableWriter {
  /** More different names in a column are taken for free text. */
  private static final int MOST_NAMES = 1_000_000;

  private static final int SHOWN = 40;

  private final String file;
  private final List<String> missing;
  private final List<RawColumn> columns;
  private final int[] places;
  private final List<Map<String, Integer>> dictionaries = new ArrayList<>();
  private final long[] empty; // cells of each column
  private final TargetColumns truth;
  private final List<String> label;
  private final int[] truths;
  private final ClassNames answers;
  private final double[] answer;
  private final RowWriter rows;

  /**
   * Begins.
   *
   * @param truths the places of the truth's columns
   * @param names what the answers are called
   */
  RawTableWriter(
      String file,
      List<String> header,
      List<String> missing,
      List<RawColumn> columns,
      TargetColumns truth,
      List<Integer> truths,
      List<String> names,
      FileChannel to)
      throws IOException {
    this.file = file;
    this.missing = missing;
    this.columns = columns;
    this.places = places(file, columns, header);
    columns.forEach(column -> dictionaries.add(new HashMap<>()));
    this.empty = new long[columns.size()];
    this.truth = truth;
    this.label = truths.stream().map(header::get).toList();
    this.truths = truths.stream().mapToInt(place -> place).toArray();
    this.answers = new ClassNames(names, false);
    this.answer = new double[truth.width(names)];
    this.rows = new RowWriter(to, Double.BYTES * (columns.size() + answer.length));
  }

  /** Where the columns are in this file. */
  private static int[] places(String file, List<RawColumn> columns, List<String> header) {
    Map<String, Integer> named = Header.places(header);
    return columns.stream()
        .mapToInt(
            column -> {
              Integer place = named.get(column.name());
              if (place == null) {
                throw new InputFault(
                    "%s: no column '%s' (expected: the columns of the training examples; it has %s)"
                        .formatted(file, column.name(), Header.shown(header)));
              }
              return place;
            })
        .toArray();
  }

  /** Writes one line's cells. */
  void put(long line, List<String> cells) throws IOException {
    ByteBuffer row = rows.next();
    for (int c = 0; c < places.length; c++) {
      row.putDouble(value(line, c, cells.get(places[c])));
    }
    List<String> said = new ArrayList<>();
    for (int place : truths) {
      said.add(missing.contains(cells.get(place)) ? "" : cells.get(place));
    }
    Optional<String> wrong = truth.read(said, answers, answer);
    if (wrong.isPresent()) {
      throw bad(file, line, String.join(", ", label), String.join(", ", said), wrong.get());
    }
    for (double value : answer) {
      row.putDouble(value);
    }
  }

  private double value(long line, int c, String cell) {
    RawColumn raw = columns.get(c);
    boolean none = missing.contains(cell);
    empty[c] += none ? 1 : 0;
    if (raw.column() instanceof Column.Scaled scaled) {
      return none && !raw.full() ? Double.NaN : number(line, scaled, cell, none);
    }
    return none ? -1 : code(raw.name(), cell, dictionaries.get(c));
  }

  private double number(long line, Column.Scaled column, String cell, boolean none) {
    double value = none ? Double.NaN : column.number(cell);
    if (Double.isNaN(value) || !column.holds(value)) {
      throw bad(file, line, column.name(), cell, column.expected() + ", as the model takes");
    }
    return value;
  }

  private int code(String column, String cell, Map<String, Integer> dictionary) {
    int next = dictionary.size();
    if (next == MOST_NAMES && !dictionary.containsKey(cell)) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "%s column '%s': more than %,d different names (expected: names that repeat); add it to table.ignored",
              file,
              column,
              MOST_NAMES));
    }
    return dictionary.computeIfAbsent(cell, name -> next);
  }

  static InputFault bad(String file, long line, String column, String cell, String expected) {
    String shown = cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell;
    return new InputFault(
        "%s:%s column '%s': '%s' (expected: %s)".formatted(file, line, column, shown, expected));
  }

  /**
   * Ends with what the file says of itself.
   *
   * @param head what is known but for the names of the columns
   */
  void finish(RawTable.Head head) throws IOException {
    if (rows.count() == 0) {
      throw new InputFault(file + ": a header only (expected: at least one example)");
    }
    List<RawColumn> complete = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      complete.add(columns.get(c).read(inOrder(dictionaries.get(c)), empty[c]));
    }
    rows.finish(
        new RawTable.Head(complete, head.leftOut(), head.label(), head.names(), head.notes())
            .json());
  }

  private static List<String> inOrder(Map<String, Integer> dictionary) {
    String[] names = new String[dictionary.size()];
    dictionary.forEach((name, code) -> names[code] = name);
    return List.of(names);
  }
}
