package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.table.Column;
import org.distill4j.table.Table;

/** Counts names that a model has no place of their own for. */
final class UnknownNames {
  private static final int SHOWN = 3;

  private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>(); // by column and name

  /** Counts one cell. */
  void add(String column, String name) {
    counts.computeIfAbsent(column, c -> new LinkedHashMap<>()).merge(name, 1L, Long::sum);
  }

  /**
   * A sentence on each column that has some.
   *
   * @param rows how many cells a column has
   */
  List<String> notes(String file, Table table, long rows) {
    List<String> notes = new ArrayList<>();
    for (Column column : table.columns()) {
      if (column instanceof Column.Categorical names && counts.containsKey(column.name())) {
        notes.add(note(file, names, counts.get(column.name()), rows));
      }
    }
    return notes;
  }

  private static String note(
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
