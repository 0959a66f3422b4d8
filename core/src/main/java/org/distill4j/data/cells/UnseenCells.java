package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.table.Column;
import org.distill4j.table.Table;

/**
 * Counts cells that a model has no place of their own for: names that no training example has, and
 * empty cells where none of these is empty.
 */
final class UnseenCells {
  private static final int SHOWN = 3;

  private final Map<String, Map<String, Long>> names = new HashMap<>(); // by column and name
  private final Map<String, Long> empty = new HashMap<>(); // by column

  /** Counts one name. */
  void add(String column, String name) {
    names.computeIfAbsent(column, c -> new LinkedHashMap<>()).merge(name, 1L, Long::sum);
  }

  /** Counts empty cells. */
  void addEmpty(String column, long cells) {
    empty.merge(column, cells, Long::sum);
  }

  /** Counts what a row has of either. */
  void add(Table table, List<String> cells) {
    table.unknown(cells).forEach(this::add);
    for (int c = 0; c < cells.size(); c++) {
      Column column = table.columns().get(c);
      if (!column.missing() && table.missing().contains(cells.get(c))) {
        addEmpty(column.name(), 1);
      }
    }
  }

  /**
   * A sentence on each column that has some.
   *
   * @param rows how many cells a column has
   */
  List<String> notes(String file, Table table, long rows) {
    List<String> notes = new ArrayList<>();
    List<List<String>> zeros = table.cells(new float[table.width()]);
    for (int c = 0; c < table.columns().size(); c++) {
      Column column = table.columns().get(c);
      long none = empty.getOrDefault(column.name(), 0L);
      if (none > 0) {
        notes.add(ofEmpty(file, column, none, rows, zeros.get(c).get(1)));
      }
      if (column instanceof Column.Categorical kept && names.containsKey(column.name())) {
        notes.add(ofNames(file, kept, names.get(column.name()), rows));
      }
    }
    return notes;
  }

  private static String ofEmpty(String file, Column column, long none, long rows, String zero) {
    return String.format(
        Locale.ROOT,
        "%s column '%s': %,d of %,d cells are empty, and none was in training; they %s",
        file,
        column.name(),
        none,
        rows,
        column instanceof Column.Scaled ? "are read as " + zero : "become zeros");
  }

  private static String ofNames(
      String file, Column.Categorical column, Map<String, Long> names, long rows) {
    List<String> shown =
        names.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN)
            .map(entry -> "'" + entry.getKey() + "'")
            .toList();
    return String.format(
        Locale.ROOT,
        "%s column '%s': %,d of %,d cells have a name %s: %s%s",
        file,
        column.name(),
        names.values().stream().mapToLong(n -> n).sum(),
        rows,
        column.other()
            ? "that shares the place of rare ones"
            : "that no training example has, which becomes zeros",
        String.join(", ", shown),
        names.size() > SHOWN ? ", ..." : "");
  }
}
