package org.distill4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class DateFormatTest {
  private static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };

  private final Random random = new Random(Seeds.of(10));

  /** The days since 1970-01-01 by the Gregorian rule alone. */
  private static long days(int year, int month, int day) {
    long days = 0;
    for (int y = 1970; y < year; y++) {
      days += isLeap(y) ? 366 : 365;
    }
    for (int y = year; y < 1970; y++) {
      days -= isLeap(y) ? 366 : 365;
    }
    int[] lengths = {31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int m = 1; m < month; m++) {
      days += lengths[m - 1];
    }
    return days + day - 1;
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static String spelled(String pattern, int year, int month, int day) {
    String name = MONTHS[month - 1];
    return pattern
        .replace("uuuu", String.valueOf(year))
        .replaceFirst("(?<!u)uu(?!u)", String.format(Locale.ROOT, "%02d", year % 100))
        .replace("MMMM", name.toUpperCase(Locale.ROOT))
        .replace("MMM", name.substring(0, 3))
        .replace("MM", String.format(Locale.ROOT, "%02d", month))
        .replace("dd", String.format(Locale.ROOT, "%02d", day))
        .replaceFirst("(?<![A-Za-z])M(?![A-Za-z])", String.valueOf(month))
        .replaceFirst("(?<![A-Za-z])d(?![A-Za-z])", String.format(Locale.ROOT, "%02d", day));
  }

  @Test
  void days_ofEveryKnownPattern_countFrom1970() {
    for (String pattern : DateFormat.KNOWN) {
      for (int draw = 0; draw < 40; draw++) {
        boolean brief = !pattern.contains("uuuu"); // then 69 to 99 are of the last century
        int year = brief ? random.nextInt(1969, 2069) : random.nextInt(1900, 2100);
        int month = random.nextInt(1, 13);
        int day = pattern.contains("d") ? random.nextInt(1, 29) : 1;
        String cell = spelled(pattern, year, month, day);
        assertThat(DateFormat.of(pattern).days(cell))
            .as(cell)
            .isEqualTo((double) days(year, month, day));
      }
    }
    assertThat(DateFormat.of(DateFormat.PACKED).days("20240229"))
        .isEqualTo((double) days(2024, 2, 29));
  }

  @Test
  void days_timeOfDay_isTheirFraction() {
    DateFormat iso = DateFormat.of("uuuu-M-d");
    for (int draw = 0; draw < 200; draw++) {
      int hour = random.nextInt(24);
      int minute = random.nextInt(60);
      int second = random.nextInt(60);
      int offset = random.nextInt(-11, 12);
      double at = days(2021, 1, 18) + (hour + minute / 60.0 + second / 3600.0) / 24;
      String time = String.format(Locale.ROOT, "2021-01-18T%02d:%02d:%02d", hour, minute, second);
      assertThat(iso.days(time)).isCloseTo(at, within(1e-9));
      assertThat(iso.days(time + "Z")).isCloseTo(at, within(1e-9));
      assertThat(iso.days(time.replace('T', ' ') + ".250"))
          .isCloseTo(at + .25 / 86_400, within(1e-9));
      String zone =
          String.format(Locale.ROOT, "%s%02d:00", offset < 0 ? "-" : "+", Math.abs(offset));
      assertThat(iso.days(time + zone)).as(time + zone).isCloseTo(at - offset / 24.0, within(1e-9));
      String half = hour < 12 ? " AM" : " pm";
      int twelve = hour % 12 == 0 ? 12 : hour % 12;
      assertThat(
              DateFormat.of("M/d/uuuu")
                  .days(String.format(Locale.ROOT, "1/18/2021 %d:%02d", twelve, minute) + half))
          .isCloseTo(days(2021, 1, 18) + (hour + minute / 60.0) / 24, within(1e-9));
    }
  }

  @Test
  void days_whatIsNoDate_isNaN() {
    DateFormat iso = DateFormat.of("uuuu-M-d");
    for (String cell :
        new String[] {
          "",
          "2021",
          "2021-02-30",
          "2021-13-01",
          "2021-01-18x",
          "18.01.2021",
          "2021-01-18 24:00",
          "2021-01-18T10",
          "x2021-01-18",
          "2021-01-18 10:61",
          "2021-01-18 13:00 PM"
        }) {
      assertThat(iso.days(cell)).as(cell).isNaN();
    }
    for (String pattern : new String[] {"what", "HH:mm", "d MMMM", "{", "d/M/uuuu hh:mm a"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DateFormat.of(pattern))
          .withMessage(
              "dates: '%s' (expected: a pattern with a year and a month, such as d/M/uuuu)"
                  .formatted(pattern));
    }
  }
}
