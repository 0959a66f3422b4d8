package org.distill4j.data.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.table.Cells;

/**
 * The class that a cell names. A number names the class whose name is that number, however it is
 * spelled: {@code 1}, {@code 01} and {@code 1.0} are one. Only where no class's name is a number it
 * is a class's place, counting from 0.
 */
final class ClassLookup {
  private static final int SHOWN = 10;

  private final List<String> names;
  private final Map<String, Integer> byName = new HashMap<>();
  private final Map<Double, Integer> byNumber = new HashMap<>();

  ClassLookup(List<String> names) {
    this.names = names;
    for (int i = 0; i < names.size(); i++) {
      byName.putIfAbsent(names.get(i), i);
      double number = Cells.number(names.get(i));
      if (!Double.isNaN(number)) {
        byNumber.putIfAbsent(number + 0.0, i); // -0 is 0
      }
    }
  }

  /** The class's place among the names, -1 for none. */
  int place(String cell) {
    Integer named = byName.get(cell);
    if (named != null) {
      return named;
    }
    double number = Cells.number(cell);
    if (Double.isNaN(number)) {
      return -1;
    }
    if (!byNumber.isEmpty()) {
      return byNumber.getOrDefault(number + 0.0, -1);
    }
    return number >= 0 && number < names.size() && number == (int) number ? (int) number : -1;
  }

  /** What a cell may be. */
  String expected() {
    List<String> some = names.subList(0, Math.min(names.size(), SHOWN));
    boolean places = byNumber.isEmpty() || names.equals(IdxDataset.numbers(names.size()));
    return (places ? "a class, 0 to " + (names.size() - 1) + " or " : "a class, ")
        + "one of "
        + some;
  }
}
