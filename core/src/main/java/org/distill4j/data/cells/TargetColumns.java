package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestedAs;
import org.distill4j.table.Cells;

/**
 * Which columns of a table hold the truth, and what their cells mean.
 *
 * @param columns by name or by number counting from 1; none where nothing is said
 * @param classes their names where they are known, else none: then those that the file has
 * @param suffix dropped from every label's end
 */
@DigestedAs("Truth[task, columns, classes, suffix]")
public record TargetColumns(
    TaskType task, List<String> columns, List<String> classes, String suffix) {
  /** What parts the classes of one cell where an example has several. */
  private static final String SEVERAL = "[|;]";

  /** More names than these are taken for something else. */
  private static final int MOST_CLASSES = 65_536;

  /** Takes copies. */
  public TargetColumns {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }

  public TargetColumns classes(List<String> known) {
    return new TargetColumns(task, columns, known, suffix);
  }

  public TargetColumns columns(List<String> names) {
    return new TargetColumns(task, names, classes, suffix);
  }

  /** The places of the truth's columns in the header. */
  public List<Integer> places(String file, List<String> header) {
    if (columns.isEmpty()) {
      return List.of(LabelColumn.of(header));
    }
    return columns.stream().map(column -> place(file, header, column)).toList();
  }

  private static int place(String file, List<String> header, String column) {
    int named = header.indexOf(column);
    if (named >= 0) {
      return named;
    }
    if (column.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(column);
      if (number >= 1 && number <= header.size()) {
        return number - 1;
      }
    }
    throw new InputFault(
        "%s: no column '%s' for the label (expected: a name of %s, or 1 to %s)"
            .formatted(file, column, Header.shown(header), header.size()));
  }

  /** Whether each column is a class that an example has, 1, or has not, 0. */
  private boolean isTable() {
    return task == TaskType.MULTI_LABEL && columns.size() > 1;
  }

  /** Whether the classes are the names that the cells have. */
  boolean collects() {
    return classes.isEmpty() && task != TaskType.REGRESSION && !isTable();
  }

  /** How many numbers of a row hold the truth. */
  int width(List<String> names) {
    return task == TaskType.SINGLE_LABEL ? 1 : names.size();
  }

  /** What the answers are called. */
  List<String> names(String file, List<String> header, TreeSet<String> met) {
    if (task == TaskType.REGRESSION || (isTable() && classes.isEmpty())) {
      return places(file, header).stream().map(header::get).toList();
    }
    if (isTable() && classes.size() != columns.size()) {
      throw new InputFault(
          "classes: %s (expected: %s, one for each column of labels: %s)"
              .formatted(ClassNames.shown(classes), columns.size(), columns));
    }
    if (!classes.isEmpty()) {
      return classes;
    }
    boolean whole = met.stream().allMatch(TargetColumns::isWhole);
    boolean numbers = met.stream().allMatch(name -> ClassNames.number(name).isPresent());
    if (numbers && !whole) {
      throw noClasses(file, met);
    }
    return ClassNames.collected(met);
  }

  /** So many labels are no classes; they are refused before they fill the heap. */
  static void requireFew(String file, TreeSet<String> met) {
    if (met.size() > MOST_CLASSES) {
      throw noClasses(file, met);
    }
  }

  private static InputFault noClasses(String file, TreeSet<String> met) {
    return new InputFault(
        String.format(
            Locale.ROOT,
            "%s: %,d different labels, such as '%s' (expected: classes); give task: regression for numbers",
            file,
            met.size(),
            met.first()));
  }

  private static boolean isWhole(String name) {
    return ClassNames.number(name).filter(value -> value.scale() <= 0).isPresent();
  }

  /** The names in a cell. */
  List<String> namesIn(String cell) {
    String label = clean(cell);
    if (task == TaskType.SINGLE_LABEL) {
      return List.of(label);
    }
    List<String> names = new ArrayList<>();
    for (String name : label.split(SEVERAL, -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private String clean(String cell) {
    return !suffix.isEmpty() && cell.endsWith(suffix)
        ? cell.substring(0, cell.length() - suffix.length())
        : cell;
  }

  /**
   * The truth in a row's cells.
   *
   * @param cells of the truth's columns; empty where nothing is said
   * @param names of the answers
   * @return numbers as the row keeps them, or what is wrong
   */
  Optional<String> read(List<String> cells, ClassNames names, double[] to) {
    if (task == TaskType.REGRESSION || isTable()) {
      for (int i = 0; i < to.length; i++) {
        to[i] = isTable() ? ClassNames.truth(cells.get(i)) : Cells.wide(cells.get(i));
        if (Double.isNaN(to[i]) || (isTable() && to[i] < 0)) {
          return Optional.of(isTable() ? "0 or 1" : "a finite number");
        }
        if (Float.isInfinite((float) to[i])) {
          return Optional.of("a number that 32 bits hold, up to 3.4e38");
        }
      }
      return Optional.empty();
    }
    Arrays.fill(to, 0);
    for (String name : namesIn(cells.get(0))) {
      int index = names.place(name);
      if (index < 0) {
        return Optional.of("one of " + names.shown());
      }
      if (task == TaskType.SINGLE_LABEL) {
        to[0] = index;
      } else {
        to[index] = 1;
      }
    }
    return Optional.empty();
  }
}
