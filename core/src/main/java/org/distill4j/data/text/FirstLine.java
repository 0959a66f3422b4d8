package org.distill4j.data.text;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The decision whether the first line of a file names its columns or is an example. A name stands
 * above numbers; where the line is of numbers itself, they count the columns as pandas does, and
 * the examples are written otherwise.
 *
 * @param line the first
 * @param rest some of the others, as long as it
 * @param missing spellings of an empty cell
 */
record FirstLine(List<String> line, List<List<String>> rest, List<String> missing) {
  /** So many columns are counted up from 0 or 1 by no example. */
  private static final int MANY = 5;

  private static final int FEW = 3;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?");

  private static final Set<String> VALUES =
      Set.of("nan", "inf", "infinity", "+inf", "-inf", "-infinity", "true", "false", "none");

  /**
   * Whether it is a header.
   *
   * @param labels what columns of the truth are said to be called
   */
  boolean isHeader(List<String> labels) {
    if (labels.stream().anyMatch(l -> !l.matches("[0-9]*") && line.contains(l))) {
      return true;
    }
    long numbers = line.stream().filter(FirstLine::isNumber).count();
    if (numbers == 0) {
      return isAllText();
    }
    boolean named = places().anyMatch(c -> isName(line.get(c)) && isOfNumbers(c));
    boolean blank = line.get(0).isEmpty() && rest.stream().noneMatch(r -> r.get(0).isEmpty());
    if (named || (blank && !rest.isEmpty()) || isAboveFractions()) {
      return areDistinct() && goUp();
    }
    return numbers == line.size() && isCount();
  }

  private IntStream places() {
    return IntStream.range(0, line.size());
  }

  /** Nothing in it is a number: a header, unless it looks like the lines below it. */
  private boolean isAllText() {
    if (line.stream().allMatch(this::isEmpty)) {
      return false;
    }
    if (rest.isEmpty() || places().anyMatch(c -> isName(line.get(c)) && isOfNumbers(c))) {
      return true;
    }
    long recurring =
        places().filter(c -> rest.stream().anyMatch(r -> r.get(c).equals(line.get(c)))).count();
    return areDistinct() && 2 * recurring < line.size();
  }

  /** Whole numbers above fractions beside names that no other line has: years, as a rule. */
  private boolean isAboveFractions() {
    return rest.size() >= MANY
        && places()
            .allMatch(
                c ->
                    isNumber(line.get(c))
                        ? hasFractions(c)
                        : rest.stream().noneMatch(r -> r.get(c).equals(line.get(c))));
  }

  /** Only numbers: a header if they count the columns, and no example would. */
  private boolean isCount() {
    if (!areDistinct() || !goUp() || line.size() < FEW) {
      return false;
    }
    int from = line.get(0).equals("0") ? 0 : 1;
    boolean count = places().allMatch(c -> line.get(c).equals("" + (c + from)));
    if (!count) {
      long broken = places().filter(this::isOfFractions).count();
      return rest.size() >= MANY && broken >= line.size() - 1;
    }
    int last = line.size() - 1;
    return last + 1 >= MANY
        || places().anyMatch(c -> hasFractions(c) || isOfText(c))
        || (rest.size() >= MANY
            && rest.stream().noneMatch(r -> r.get(last).equals(line.get(last))));
  }

  private boolean isOfFractions(int column) {
    return rest.stream().allMatch(r -> !r.get(column).matches("[0-9]+") && isNumber(r.get(column)));
  }

  private boolean hasFractions(int column) {
    return rest.stream().anyMatch(r -> !r.get(column).matches("[0-9]+") && isNumber(r.get(column)));
  }

  private boolean isOfText(int column) {
    return !rest.isEmpty()
        && rest.stream().noneMatch(r -> isNumber(r.get(column)) || isEmpty(r.get(column)));
  }

  private boolean areDistinct() {
    Set<String> met = new HashSet<>();
    return line.stream().allMatch(cell -> cell.isEmpty() || met.add(cell));
  }

  /** Whether its numbers are whole and each is larger than the one before, as years are. */
  private boolean goUp() {
    long before = -1;
    for (String cell : line) {
      if (isNumber(cell)) {
        if (!cell.matches("0|[1-9][0-9]{0,14}") || Long.parseLong(cell) <= before) {
          return false;
        }
        before = Long.parseLong(cell);
      }
    }
    return true;
  }

  private boolean isOfNumbers(int column) {
    boolean any = false;
    for (List<String> record : rest) {
      String cell = record.get(column);
      if (isNumber(cell)) {
        any = true;
      } else if (!isEmpty(cell)) {
        return false;
      }
    }
    return any;
  }

  private boolean isEmpty(String cell) {
    return cell.isEmpty()
        || missing.contains(cell)
        || VALUES.contains(cell.toLowerCase(Locale.ROOT));
  }

  private boolean isName(String cell) {
    return !isEmpty(cell) && !isNumber(cell) && !Character.isDigit(cell.codePointAt(0));
  }

  /** Whether a cell is a number, also one too large for any column, or with a decimal comma. */
  static boolean isNumber(String cell) {
    return NUMBER.matcher(cell).matches();
  }
}
