package org.distill4j.data.cells;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.data.ClassNumbers;
import org.distill4j.table.Cells;

/**
 * The names of classes, and which of them a cell means:
 *
 * <ol>
 *   <li>the name that is spelled like the cell;
 *   <li>else the name that is the same number: {@code 1.0} and {@code 01} mean {@code 1};
 *   <li>else, where two classes are yes and no in any spelling, the one that says the same: {@code
 *       True} means {@code 1};
 *   <li>else, where cells may count and no name is a number, the cell as a place, from 0.
 * </ol>
 */
public final class ClassNames {
  /** What is 0 and what is 1, whatever its case. */
  private static final Map<String, Integer> TRUTHS =
      Map.of("false", 0, "no", 0, "n", 0, "f", 0, "true", 1, "yes", 1, "y", 1, "t", 1);

  private final List<String> names;
  private final boolean counted;
  private final Map<String, Integer> spelled = new HashMap<>();
  private final Map<BigDecimal, Integer> numbers = new HashMap<>();
  private final int[] truths = {-1, -1}; // the places of no and yes

  /**
   * Takes the names in the order of the classes.
   *
   * @param counted whether a cell may be the place of a class, where no name is a number
   */
  public ClassNames(List<String> names, boolean counted) {
    this.names = List.copyOf(names);
    boolean named = true;
    for (int i = 0; i < names.size(); i++) {
      int place = i;
      spelled.putIfAbsent(names.get(i), i);
      Optional<BigDecimal> number = number(names.get(i));
      number.ifPresent(value -> numbers.merge(value, place, (a, b) -> -1)); // two: neither is meant
      named &= number.isEmpty();
    }
    if (names.size() == 2) {
      List<Integer> said = names.stream().map(ClassNames::truth).toList();
      if (said.get(0) >= 0 && said.get(1) >= 0 && !said.get(0).equals(said.get(1))) {
        truths[said.get(0)] = 0;
        truths[said.get(1)] = 1;
      }
    }
    this.counted = counted && named && truths[0] < 0;
  }

  /** Whether a cell may be the place of a class. */
  public boolean counts() {
    return counted;
  }

  /** The place of the class that a cell means, from 0; -1 for none. */
  public int place(String cell) {
    Integer same = spelled.get(cell);
    if (same != null) {
      return same;
    }
    Optional<BigDecimal> number = number(cell);
    if (number.isPresent() && !numbers.isEmpty()) {
      int equal = numbers.getOrDefault(number.get(), -1);
      if (equal >= 0) {
        return equal;
      }
    }
    int truth = truth(cell);
    if (truth >= 0 && truths[truth] >= 0) {
      return truths[truth];
    }
    double place = counted ? Cells.wide(cell) : -1;
    return place >= 0 && place < names.size() && place == (int) place ? (int) place : -1;
  }

  /** 0 or 1 for a cell that says no or yes, be it a number or a word; -1 for any other. */
  static int truth(String cell) {
    double number = Cells.wide(cell);
    return number == 0 || number == 1
        ? (int) number
        : TRUTHS.getOrDefault(cell.toLowerCase(Locale.ROOT), -1);
  }

  /** A cell's number, exactly, whatever its spelling. */
  static Optional<BigDecimal> number(String cell) {
    if (Double.isNaN(Cells.wide(cell))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(cell).stripTrailingZeros());
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty(); // its exponent is none of 32 bits
    }
  }

  /**
   * The classes that labels are, in their order: numbers by size, each once however it is spelled,
   * and others by their letters.
   */
  public static List<String> collected(Collection<String> labels) {
    if (!labels.stream().allMatch(label -> number(label).isPresent())) {
      return labels.stream().distinct().sorted().toList();
    }
    Map<BigDecimal, String> names = new TreeMap<>();
    labels.forEach(
        label ->
            names.merge(number(label).orElseThrow(), withoutPoint(label), ClassNames::shorter));
    return new ArrayList<>(names.values());
  }

  /** {@code 1} for {@code 1.0}, as what reads whole numbers beside empty cells writes them. */
  private static String withoutPoint(String label) {
    return label.replaceFirst("^([+-]?[0-9]+)\\.0*$", "$1");
  }

  private static String shorter(String a, String b) {
    return a.length() != b.length()
        ? (a.length() < b.length() ? a : b)
        : a.compareTo(b) < 0 ? a : b;
  }

  /** Labels that differ in nothing but capitals, by their spelling in small letters. */
  static List<List<String>> alike(List<String> names) {
    Map<String, List<String>> same = new TreeMap<>();
    names.forEach(
        name ->
            same.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(name));
    return same.values().stream().filter(group -> group.size() > 1).toList();
  }

  /** What a cell may be, for messages. */
  String expected() {
    boolean places = counted || names.equals(ClassNumbers.numbersTo(names.size()));
    return (places ? "a class, 0 to " + (names.size() - 1) + " or " : "a class, ")
        + "one of "
        + shown();
  }

  /** The first ten, for messages. */
  List<String> shown() {
    return shown(names);
  }

  static List<String> shown(List<String> names) {
    return names.subList(0, Math.min(10, names.size()));
  }
}
