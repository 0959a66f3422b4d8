package org.distill4j.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** By which formats the texts of a column are dates, counted up cell by cell. */
final class DateTally {
  /** After so many different texts formats are dropped that fit few of them. */
  private static final int TRIED = 50;

  /** One format with what it made of the cells. */
  private static final class Tried {
    final String pattern;
    final DateFormat format;
    long fits;
    ColumnTally.Stray stray;

    Tried(String pattern) {
      this.pattern = pattern;
      this.format = DateFormat.of(pattern);
    }

    /** The first text that is no date of this format, a word or another. */
    ColumnTally.Stray expected(ColumnTally.Stray word) {
      ColumnTally.Stray found =
          stray == null || (word != null && word.line() < stray.line()) ? word : stray;
      return new ColumnTally.Stray(found.line(), found.cell(), "a date as " + pattern);
    }
  }

  private final List<String> given;
  private List<Tried> formats = new ArrayList<>();
  private final Map<String, double[]> first = new HashMap<>(); // days of texts, by each format
  private boolean chosen; // whether the formats that fit few texts are dropped
  private ColumnTally.Stray word; // the first text without a digit: no date
  private String doubtful = ""; // the first text that two formats take for other days

  DateTally(List<String> patterns) {
    given = List.copyOf(patterns);
    patterns.forEach(pattern -> formats.add(new Tried(pattern)));
    DateFormat.KNOWN.stream()
        .filter(pattern -> !patterns.contains(pattern))
        .forEach(pattern -> formats.add(new Tried(pattern)));
  }

  /** Adds a text. */
  void add(long line, String cell) {
    if (formats.isEmpty()) {
      return;
    }
    if (!hasDigit(cell)) {
      word = word == null ? new ColumnTally.Stray(line, cell, "") : word;
      return;
    }
    double[] days = chosen ? days(cell) : first.computeIfAbsent(cell, this::days);
    double before = Double.NaN;
    for (int f = 0; f < days.length; f++) {
      Tried format = formats.get(f);
      if (!Double.isNaN(days[f])) {
        format.fits++;
        doubtful = doubtful.isEmpty() && Math.abs(days[f] - before) > 0 ? cell : doubtful;
        before = days[f];
      } else if (format.stray == null) {
        format.stray = new ColumnTally.Stray(line, cell, "");
      }
    }
    if (first.size() == TRIED) {
      choose();
    }
  }

  private static boolean hasDigit(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      if (cell.charAt(i) >= '0' && cell.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  private double[] days(String cell) {
    double[] days = new double[formats.size()];
    for (int f = 0; f < days.length; f++) {
      days[f] = formats.get(f).format.days(cell);
    }
    return days;
  }

  /** Different texts decide, so that one that stands for no date may come first however often. */
  private void choose() {
    List<Tried> kept = new ArrayList<>();
    for (int f = 0; f < formats.size(); f++) {
      int place = f;
      if (2 * first.values().stream().filter(d -> !Double.isNaN(d[place])).count() >= TRIED) {
        kept.add(formats.get(f));
      }
    }
    formats = kept;
    first.clear();
    chosen = true;
  }

  /** The first format that all texts have. */
  Optional<String> best() {
    return formats.stream()
        .filter(format -> format.fits > 0 && format.stray == null && word == null)
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
            .filter(format -> format.fits > 0 && format.fits == most())
            .filter(format -> 100 * (filled - format.fits) <= percent * filled)
            .findFirst()
            .map(format -> format.expected(word));
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
