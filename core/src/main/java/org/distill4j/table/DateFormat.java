package org.distill4j.table;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How dates are spelled: the day by a pattern of {@link DateTimeFormatter}; a time of day and an
 * offset from UTC may follow.
 */
public final class DateFormat {
  /**
   * The patterns that are tried on a column whose pattern nobody gave, in this order: where days
   * and months can be told apart by none of its cells, the first that fits is taken; years of two
   * digits are asked about then.
   */
  public static final List<String> KNOWN =
      List.of(
          "uuuu-M-d",
          "uuuu/M/d",
          "uuuu.M.d",
          "d.M.uuuu",
          "M/d/uuuu",
          "d/M/uuuu",
          "d-M-uuuu",
          "M-d-uuuu",
          "uuuu-MM",
          "d MMM uuuu",
          "d-MMM-uuuu",
          "MMM d, uuuu",
          "MMM d uuuu",
          "d MMMM uuuu",
          "MMMM d, uuuu",
          "MMMM d uuuu",
          "dd.MM.uu",
          "d/M/uu",
          "M/d/uu",
          "uu/MM/dd",
          "dd-MM-uu",
          "MM-dd-uu",
          "uu-MM-dd",
          "d-MMM-uu",
          "d MMM uu",
          "MMM d, uu");

  /** Days without anything between the numbers: a cell of it is also a number. */
  public static final String PACKED = "uuuuMMdd";

  /** A year of two digits. */
  private static final Pattern TWO_DIGITS = Pattern.compile("(?<!u)uu(?!u)");

  /** The first year that two digits may mean, as POSIX and Python have it: 69 is 1969, 68 2068. */
  private static final int FIRST_YEAR = 1969;

  private static final LocalDateTime SOME_DAY = LocalDateTime.of(2001, 11, 28, 0, 0);
  private static final int SHORTEST = 6;
  private static final double SECONDS_A_DAY = 86_400;
  private static final double NANOS = 1e9;
  private static final Map<String, DateFormat> ALL = new ConcurrentHashMap<>();

  private final PlainDate plain; // null where the pattern has more than numbers
  private final DateTimeFormatter formatter;

  private DateFormat(String pattern) {
    this.plain = PlainDate.of(pattern);
    this.formatter =
        day(pattern.replace('y', 'u'))
            .append(time())
            .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
            .toFormatter(Locale.ENGLISH);
  }

  private static DateTimeFormatterBuilder day(String pattern) {
    DateTimeFormatterBuilder day = new DateTimeFormatterBuilder().parseCaseInsensitive();
    Matcher year = TWO_DIGITS.matcher(pattern);
    int at = 0;
    while (year.find()) {
      day.appendPattern(pattern.substring(at, year.start()))
          .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_YEAR);
      at = year.end();
    }
    return day.appendPattern(pattern.substring(at));
  }

  /** Whether a pattern's years have two digits. */
  static boolean hasTwoDigits(String pattern) {
    return TWO_DIGITS.matcher(pattern.replace('y', 'u')).find();
  }

  /** A blank or T, hours and minutes, seconds and their parts, AM or PM, and an offset; or none. */
  private static DateTimeFormatter time() {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .optionalStart()
        .appendPattern("['T'][' ']")
        .appendValue(ChronoField.HOUR_OF_DAY, 1, 2, SignStyle.NOT_NEGATIVE)
        .appendPattern(":mm[:ss]")
        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
        .appendPattern("[' ']")
        .optionalStart()
        .appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "AM", 1L, "PM"))
        .optionalEnd()
        .appendPattern("['UTC']['GMT']")
        .optionalStart()
        .parseLenient()
        .appendOffset("+HH:mm", "Z")
        .optionalEnd()
        .optionalEnd()
        .toFormatter(Locale.ENGLISH);
  }

  /**
   * The format of a pattern.
   *
   * @param pattern with year, month and day, such as {@code d/M/uuuu}
   * @throws IllegalArgumentException if it is none
   */
  public static DateFormat of(String pattern) {
    return ALL.computeIfAbsent(pattern, DateFormat::checked);
  }

  private static DateFormat checked(String pattern) {
    try {
      DateFormat format = new DateFormat(pattern);
      DateTimeFormatter day = day(pattern.replace('y', 'u')).toFormatter(Locale.ENGLISH);
      if (!Double.isNaN(format.days(day.format(SOME_DAY)))) {
        return format;
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException(refusal(pattern), e);
    }
    throw new IllegalArgumentException(refusal(pattern));
  }

  private static String refusal(String pattern) {
    return "dates: '%s' (expected: a pattern with a year and a month, such as d/M/uuuu)"
        .formatted(pattern);
  }

  /**
   * The days since 1970-01-01, with the time of day as their fraction; at UTC where the cell tells
   * its offset.
   *
   * @return NaN if the cell is no date of this format
   */
  public double days(String cell) {
    if (cell.length() < SHORTEST) {
      return Double.NaN;
    }
    double quick = plain == null ? Double.NaN : plain.days(cell);
    if (!Double.isNaN(quick)) {
      return quick;
    }
    ParsePosition position = new ParsePosition(0);
    TemporalAccessor said = formatter.parseUnresolved(cell, position);
    if (said == null || position.getIndex() != cell.length()) {
      return Double.NaN;
    }
    try {
      LocalDate day =
          LocalDate.of(
              said.get(ChronoField.YEAR),
              said.get(ChronoField.MONTH_OF_YEAR),
              said.get(ChronoField.DAY_OF_MONTH));
      return day.toEpochDay() + seconds(said) / SECONDS_A_DAY;
    } catch (DateTimeException | ArithmeticException e) {
      return Double.NaN; // the 30th of February
    }
  }

  private static double seconds(TemporalAccessor said) {
    int hour = part(said, ChronoField.HOUR_OF_DAY);
    if (said.isSupported(ChronoField.AMPM_OF_DAY)) {
      if (hour < 1 || hour > 12) {
        throw new DateTimeException("hour " + hour);
      }
      hour = hour % 12 + 12 * part(said, ChronoField.AMPM_OF_DAY);
    }
    LocalTime time =
        LocalTime.of(
            hour, part(said, ChronoField.MINUTE_OF_HOUR), part(said, ChronoField.SECOND_OF_MINUTE));
    return time.toSecondOfDay()
        + part(said, ChronoField.NANO_OF_SECOND) / NANOS
        - part(said, ChronoField.OFFSET_SECONDS);
  }

  private static int part(TemporalAccessor said, ChronoField field) {
    return said.isSupported(field) ? Math.toIntExact(said.getLong(field)) : 0;
  }
}
