package org.distill4j.data.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;

/**
 * What the columns of a file of cells are called.
 *
 * @param names by the file's first line, or as they were given, or else by their numbers from 1
 * @param inFile whether the first line has them; else it is an example
 * @param given whether they were given from outside
 * @param index the place of a column that only counts the rows, as pandas writes its index; -1 for
 *     none
 */
public record Header(List<String> names, boolean inFile, boolean given, int index) {
  /** How many records decide what the first line is. */
  public static final int LOOKED_AT = 21;

  private static final int SHOWN = 20;

  /** What {@link #number} calls a column. */
  private static final String NUMBER = "column [0-9]+";

  /** Takes a copy. */
  public Header {
    names = List.copyOf(names);
  }

  /**
   * Looks at the first records of a file.
   *
   * @param first at least one, at most {@link #LOOKED_AT}
   * @param given what the columns are called where the first line does not say it; may be empty. A
   *     first line of just these names, in any order, is a header, and one of another length may be
   * @param labels what the columns of the truth are said to be called; may be empty
   * @param missing spellings of an empty cell
   */
  public static Header of(
      List<List<String>> first, List<String> given, List<String> labels, List<String> missing) {
    List<String> line = first.get(0);
    boolean asLong = line.size() == given.size();
    if (asLong && !given.isEmpty()) {
      boolean same = Set.copyOf(line).equals(Set.copyOf(given));
      return new Header(same ? line : given, same, true, -1);
    }
    List<List<String>> rest =
        first.subList(1, first.size()).stream().filter(r -> r.size() == line.size()).toList();
    if (!new FirstLine(line, rest, missing).isHeader(labels)) {
      return given.isEmpty()
          ? new Header(numbers(line.size()), false, false, -1)
          : new Header(given, false, true, -1);
    }
    List<String> names = named(line);
    boolean index = line.get(0).matches("|Unnamed: 0") && countsRows(rest);
    return new Header(names, true, false, index ? 0 : -1);
  }

  /** What a line calls the columns; one that it does not name is called by its number. */
  private static List<String> named(List<String> line) {
    return IntStream.range(0, line.size())
        .mapToObj(c -> line.get(c).isEmpty() ? number(c + 1) : line.get(c))
        .toList();
  }

  /**
   * Looks at the first records of a file like another, of which some columns are taken.
   *
   * @param taken what the columns are called that are taken, by the other file's header
   * @param given as {@link #of} has it
   */
  public static Header taking(
      List<String> taken, List<List<String>> first, List<String> given, List<String> missing) {
    List<String> line = first.get(0);
    boolean any = given.isEmpty() && isHeaderOf(taken, first, missing);
    if (any || new HashSet<>(line).containsAll(taken)) {
      return new Header(named(line), true, false, -1);
    }
    if (line.size() == given.size()) {
      return new Header(given, false, true, -1);
    }
    if (!taken.stream().allMatch(name -> name.matches(NUMBER))) {
      return new Header(taken, false, true, -1);
    }
    // a header alone would leave no rows
    boolean inFile = first.size() > 1 && of(first, List.of(), List.of(), missing).inFile;
    return new Header(
        line.size() == taken.size() ? taken : numbers(line.size()), inFile, false, -1);
  }

  /** Whether a first line has one of some names; where these are numbers, it has to look so too. */
  private static boolean isHeaderOf(
      List<String> taken, List<List<String>> first, List<String> missing) {
    Set<String> met = new HashSet<>(taken);
    met.retainAll(first.get(0));
    return met.stream().anyMatch(name -> !FirstLine.isNumber(name))
        || isSpelledOtherwise(taken, first.get(0))
        || (!met.isEmpty() && of(first, List.of(), List.of(), missing).inFile);
  }

  /** Whether a line has all of some names in capitals or small letters, where they have others. */
  private static boolean isSpelledOtherwise(List<String> taken, List<String> line) {
    Set<String> cells = new HashSet<>();
    line.forEach(cell -> cells.add(cell.toLowerCase(Locale.ROOT)));
    return taken.stream().allMatch(name -> cells.contains(name.toLowerCase(Locale.ROOT)))
        && taken.stream().anyMatch(name -> !FirstLine.isNumber(name));
  }

  /** The place of each name, the first of several alike. */
  public static Map<String, Integer> places(List<String> names) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      places.putIfAbsent(names.get(i), i);
    }
    return places;
  }

  private static List<String> numbers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Header::number).toList();
  }

  private static String number(int column) {
    return "column " + column;
  }

  /** Whether the first column goes up by one from row to row. */
  private static boolean countsRows(List<List<String>> rest) {
    for (int r = 0; r < rest.size(); r++) {
      String cell = rest.get(r).get(0);
      if (!cell.matches("[0-9]{1,15}")
          || Long.parseLong(cell) != Long.parseLong(rest.get(0).get(0)) + r) {
        return false;
      }
    }
    return rest.size() > 1;
  }

  /** The same; a fault in one line where two columns have one name. */
  public Header distinct(String file) {
    Set<String> met = new HashSet<>();
    for (String name : names) {
      if (!met.add(name)) {
        throw new InputFault(
            "%s: header %s has '%s' twice (expected: each name once)"
                .formatted(file, shown(names), name));
      }
    }
    return this;
  }

  /** The first names, for messages. */
  public static String shown(List<String> names) {
    return names.size() <= SHOWN
        ? names.toString()
        : "[%s, ... of %s]".formatted(String.join(", ", names.subList(0, SHOWN)), names.size());
  }

  /** How many cells a line has to have, and why, for messages. */
  public String expected() {
    if (given && !inFile) {
      return "%s: %s, or a header".formatted(names.size(), shown(names));
    }
    return names.size() + (inFile ? ", as the header has" : ", as the first line has");
  }

  /** Whether the file itself says how its columns are called, or somebody else does. */
  public boolean isNamed() {
    return inFile || given;
  }

  /**
   * The columns as those of another file are called, where one of both files does not call them:
   * place by place.
   */
  public Header like(Header other) {
    boolean byPlace = isNamed() != other.isNamed() && names.size() == other.names.size();
    return byPlace ? new Header(other.names, inFile, true, index) : this;
  }
}
