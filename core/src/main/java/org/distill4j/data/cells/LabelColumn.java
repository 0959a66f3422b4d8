package org.distill4j.data.cells;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The column of the truth where nobody says which it is. */
public final class LabelColumn {
  /** What it is called, the surest first. */
  private static final List<String> NAMES = List.of("label", "class", "target", "y");

  private LabelColumn() {}

  /**
   * Its place: of the column that is called label, class, target or y, else the last. A y beside an
   * x is a coordinate, unless it is the last.
   */
  public static int of(List<String> header) {
    List<String> names = header.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    int last = names.size() - 1;
    if (NAMES.contains(names.get(last))) {
      return last;
    }
    for (String name : NAMES) {
      if (names.contains(name) && !(name.equals("y") && names.contains("x"))) {
        return names.indexOf(name);
      }
    }
    return last;
  }

  /**
   * How it was found, as a part of a sentence.
   *
   * @param asked whether somebody said which it is
   */
  public static String told(List<String> header, int place, boolean named, boolean asked) {
    if (asked) {
      return "the label is column " + (named ? "'" + header.get(place) + "'" : place + 1);
    }
    if (!named) {
      return "the label is the last column";
    }
    boolean called = Set.copyOf(NAMES).contains(header.get(place).toLowerCase(Locale.ROOT));
    return "the label is column '%s', %s"
        .formatted(
            header.get(place),
            called ? "by its name" : "the last, as none is called label, class, target or y");
  }
}
