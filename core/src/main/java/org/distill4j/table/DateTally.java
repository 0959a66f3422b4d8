package org.distill4j.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** By which formats the texts of a column are dates, counted up cell by cell. */
final class DateTally {
  /** After so many texts formats are dropped that fit few of them. */
  private static final int TRIED = 50;

  /** One format with what it made of the cells. */
  private static final class Tried {
    final String pattern;
    long fits;
    ColumnTally.Stray stray;

    Tried(String pattern) {
      this.pattern = pattern;
    }
  }

  private final List<String> given;
  private final List<Tried> formats = new ArrayList<>();
  private String doubtful = ""; // the first text that two formats take for other days

  DateTally(List<String> patterns) {
    given = List.copyOf(patterns);
    patterns.forEach(pattern -> formats.add(new Tried(pattern)));
    DateFormat.KNOWN.stream()
        .filter(pattern -> !patterns.contains(pattern))
        .forEach(pattern -> formats.add(new Tried(pattern)));
  }

  /** Adds a text, the count-th. */
  void add(long line, String cell, long count) {
    if (formats.isEmpty()) {
      return;
    }
    double before = Double.NaN;
    for (Tried format : formats) {
      double days = DateFormat.of(format.pattern).days(cell);
      if (!Double.isNaN(days)) {
        format.fits++;
        doubtful = doubtful.isEmpty() && Math.abs(days - before) > 0 ? cell : doubtful;
        before = days;
      } else if (format.stray == null) {
        format.stray = new ColumnTally.Stray(line, cell, "a date as " + format.pattern);
      }
    }
    if (count == TRIED) {
      formats.removeIf(format -> 2 * format.fits < count);
    }
  }

  /** The first format that all texts have. */
  Optional<String> best() {
    return formats.stream()
        .filter(format -> format.fits > 0 && format.stray == null)
        .map(format -> format.pattern)
        .findFirst();
  }

  /** How many texts the format fits that fits most. */
  long most() {
    return formats.stream().mapToLong(format -> format.fits).max().orElse(0);
  }

  /** The first cell that is no date where nearly all others are. */
  Optional<ColumnTally.Stray> stray(long filled, int percent) {
    return best().isPresent()
        ? Optional.empty()
        : formats.stream()
            .filter(format -> format.fits == most())
            .filter(format -> 100 * (filled - format.fits) <= percent * filled)
            .map(format -> format.stray)
            .findFirst();
  }

  private List<String> fitting(long texts) {
    return formats.stream()
        .filter(format -> format.fits == texts && texts > 0)
        .map(format -> format.pattern)
        .toList();
  }

  /** Which of several a date is where years of two digits may be days, too; nobody said it. */
  Optional<String> question(long texts) {
    List<String> fitting = fitting(texts);
    boolean asked =
        fitting.size() > 1
            && !doubtful.isEmpty()
            && DateFormat.hasTwoDigits(fitting.get(0))
            && !given.contains(fitting.get(0));
    return asked
        ? Optional.of(
            "'%s' may be a date as %s (expected: one of them); table.dates: ['%s'] says which"
                .formatted(doubtful, String.join(" or ", fitting), fitting.get(0)))
        : Optional.empty();
  }

  /** A word on days and months that could be taken for each other. */
  Optional<String> doubt(long texts) {
    List<String> fitting = fitting(texts);
    if (fitting.size() < 2 || doubtful.isEmpty() || given.contains(fitting.get(0))) {
      return Optional.empty();
    }
    return Optional.of(
        "'%s' could also be a date as %s; table.dates: ['%s'] says so"
            .formatted(doubtful, fitting.get(1), fitting.get(1)));
  }
}
