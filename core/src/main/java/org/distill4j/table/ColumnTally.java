package org.distill4j.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cells of one column are, counted up cell by cell: numbers, dates or names, and how many
 * of them are different, empty, or out of keeping with the others.
 */
public final class ColumnTally {
  /** Up to so many cells of a hundred may be of another kind before the column is of two kinds. */
  private static final int STRAYS_PERCENT = 10;

  /** From so many cells on a column may be told by how many of them are new. */
  private static final int ENOUGH = 20;

  private static final int NEW_PERCENT = 90;
  private static final int OFTEN_NEW_PERCENT = 50;

  /** A number among signs: {@code 1.234,50}, {@code 12 %}, {@code $3}. */
  private static final String DRESSED = "[^0-9\\p{L}]*[0-9][0-9., ' ]*\\s?[%\\p{Sc}]?";

  /** What the cells are, for the most part. */
  public enum Kind {
    /** Numbers; an empty column too. */
    NUMBERS,
    /** Dates. */
    DATES,
    /** Names. */
    NAMES,
    /** Names that nearly every row has for itself, as an id is. */
    NEW_NAMES
  }

  /** A cell that is not what the others are, and the line that has it. */
  public record Stray(long line, String cell, String expected) {}

  private final String name;
  private final DateTally dates;
  private final DistinctCount distinct;
  private long empty;
  private long numbers;
  private long huge; // of the numbers: no float is as large
  private long infinite; // by their names, or beyond 64 bits
  private long texts;
  private long dressed; // of the texts
  private boolean packed = true; // whether all numbers are days
  private boolean whole = true;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private String first;
  private Stray firstText;
  private Stray firstHuge;
  private Stray firstInfinite;
  private Stray firstNumber;

  /**
   * Begins.
   *
   * @param patterns of dates, tried before those that are known
   */
  public ColumnTally(String name, List<String> patterns) {
    this(name, patterns, 1);
  }

  /**
   * The same.
   *
   * @param columns how many are counted at once, which share the memory
   */
  public ColumnTally(String name, List<String> patterns, int columns) {
    this.name = name;
    this.dates = new DateTally(patterns);
    this.distinct = new DistinctCount(columns);
  }

  /** Adds a cell without a value. */
  public void addEmpty() {
    empty++;
  }

  /**
   * Adds a cell with a value.
   *
   * @param line what a message calls its row
   */
  public void add(long line, String cell) {
    first = first == null ? cell : first;
    double number = Cells.wide(cell);
    if (Double.isNaN(number) && Cells.isHuge(cell)) {
      infinite++;
      distinct.add(cell);
      firstInfinite = firstInfinite == null ? new Stray(line, cell, "") : firstInfinite;
      return;
    }
    if (Double.isNaN(number)) {
      texts++;
      distinct.add(cell);
      firstText = firstText == null ? new Stray(line, cell, "") : firstText;
      dressed += texts <= ENOUGH && cell.matches(DRESSED) ? 1 : 0;
      dates.add(line, cell);
      return;
    }
    numbers++;
    firstNumber = firstNumber == null ? new Stray(line, cell, "") : firstNumber;
    distinct.add(number);
    least = Math.min(least, number);
    most = Math.max(most, number);
    whole &= number == Math.rint(number);
    packed &= isPackedDay(number, cell);
    if (Math.abs(number) > Float.MAX_VALUE) {
      huge++;
      firstHuge = firstHuge == null ? new Stray(line, cell, "") : firstHuge;
    }
  }

  /** Whether a number is a day of 1900 to 2099 without anything between its parts. */
  private static boolean isPackedDay(double number, String cell) {
    if (cell.length() != 8 || number < 19_000_101 || number > 20_991_231) {
      return false;
    }
    return !Double.isNaN(DateFormat.of(DateFormat.PACKED).days(cell));
  }

  private long filled() {
    return numbers + infinite + texts;
  }

  /** How many cells have no value. */
  public long empty() {
    return empty;
  }

  /** How many different values there are, about. */
  public long distinct() {
    return distinct.count();
  }

  /** What the cells are. */
  public Kind kind() {
    if (texts == 0) {
      return packed && numbers >= ENOUGH ? Kind.DATES : Kind.NUMBERS;
    }
    if (filled() == texts && dates.best().isPresent()) {
      return Kind.DATES;
    }
    return filled() >= ENOUGH && percent(distinct(), filled()) >= NEW_PERCENT
        ? Kind.NEW_NAMES
        : Kind.NAMES;
  }

  /** The cell that keeps a column from being of one kind, if it is one of few. */
  public Optional<Stray> stray() {
    boolean lone = huge > 0 && 2 * huge < numbers;
    long like = numbers - (lone ? huge : 0);
    if (texts == 0 ? like < filled() : like > 0 && isFew(filled() - like)) {
      return Stream.of(firstText, firstInfinite, lone ? firstHuge : null)
          .filter(Objects::nonNull)
          .min(Comparator.comparingLong(Stray::line))
          .map(found -> expected(found, like, "a finite number"));
    }
    if (dates.best().isPresent() && filled() > texts && isFew(filled() - texts)) {
      return Stream.of(firstNumber, firstInfinite)
          .filter(Objects::nonNull)
          .min(Comparator.comparingLong(Stray::line))
          .map(found -> expected(found, texts, "a date as " + format()));
    }
    return dates
        .stray(filled(), STRAYS_PERCENT)
        .map(found -> expected(found, dates.most(), found.expected()));
  }

  /** What has to be asked about dates whose years have two digits. */
  public Optional<String> question() {
    return kind() == Kind.DATES && texts > 0 ? dates.question(texts) : Optional.empty();
  }

  private boolean isFew(long strays) {
    return percent(strays, filled()) <= STRAYS_PERCENT;
  }

  private Stray expected(Stray found, long others, String what) {
    return new Stray(
        found.line(),
        found.cell(),
        String.format(Locale.ROOT, "%s, as in %,d of its %,d cells", what, others, filled()));
  }

  /** The column before it is fitted. */
  public Column unfitted(boolean log) {
    return switch (kind()) {
      case NUMBERS -> {
        double size = Math.max(Math.abs(least), Math.abs(most));
        boolean beyond = numbers > 0 && size > Float.MAX_VALUE;
        yield new Column.Quantity(name, log, 0, beyond ? size : 1, false);
      }
      case DATES -> new Column.Dated(name, texts == 0 ? DateFormat.PACKED : format(), 0, 1, false);
      case NAMES, NEW_NAMES -> new Column.Categorical(name, List.of(), false, false);
    };
  }

  private String format() {
    return dates.best().orElseThrow();
  }

  /** What a person should know before a model learns from it, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (filled() == 0) {
      notes.add("all its cells are empty: it can teach nothing");
    } else if (distinct() == 1 && empty == 0) {
      notes.add("is '%s' in every row: it can teach nothing".formatted(first));
    }
    switch (kind()) {
      case NUMBERS -> {
        if (isNumbered()) {
          notes.add(
              "a whole number that is new in every row, as an id is: the model sees it;"
                  + " table.ignored: ['%s'] leaves it out".formatted(name));
        }
      }
      case DATES -> {
        String format = texts == 0 ? DateFormat.PACKED : format();
        notes.add(
            "dates as %s, read as days%s"
                .formatted(
                    format,
                    DateFormat.hasTwoDigits(format)
                        ? "; years of two digits are 1969 to 2068"
                        : ""));
        dates.doubt(texts).ifPresent(notes::add);
      }
      case NAMES, NEW_NAMES -> ofNames(notes);
    }
    return notes;
  }

  private void ofNames(List<String> notes) {
    if (kind() == Kind.NEW_NAMES) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d names in %,d cells, new in (nearly) every row, as an id is: left out;"
                  + " table.categorical: ['%s'] keeps it",
              distinct(),
              filled(),
              name));
    } else if (filled() >= ENOUGH && percent(distinct(), filled()) >= OFTEN_NEW_PERCENT) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d names in %,d cells: other rows will have others, which the model does not know",
              distinct(),
              filled()));
    }
    if (numbers > 0 && percent(numbers, filled()) >= STRAYS_PERCENT) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d of its %,d cells are numbers, others not, such as '%s' in line %d: read as names",
              numbers,
              filled(),
              firstText.cell(),
              firstText.line()));
    } else if (dressed > 0 && dressed == Math.min(texts, ENOUGH)) {
      notes.add(
          "its cells look like numbers but are spelled otherwise, such as '%s' (expected: digits, '.' and a sign): read as names"
              .formatted(firstText.cell()));
    }
  }

  /** Whether the numbers count the rows, or are called an id and new in every row. */
  private boolean isNumbered() {
    boolean isNew = filled() >= ENOUGH && whole && percent(distinct(), filled()) >= NEW_PERCENT;
    boolean counts = most - least == filled() - 1.0;
    boolean called =
        name.isBlank()
            || name.matches("(?i)((.*[_ .-])?(id|uuid|guid|key|nr|no|index|row|number))|unnamed.*")
            || name.matches(".*[a-z](Id|ID|Nr|No|Key)");
    return isNew && (counts || called);
  }

  private static double percent(long part, long of) {
    return 100.0 * part / Math.max(1, of);
  }
}
