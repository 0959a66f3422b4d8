package org.distill4j.schedule;

import java.math.BigDecimal;

/** What the settings of schedules have in common: checks, and how numbers are spelled. */
final class ScheduleBounds {
  private ScheduleBounds() {}

  static double between(double u, double start, double end) {
    return Math.max(0, Math.min(1, (u - start) / (end - start)));
  }

  static double rest(double weight) {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(weight)).doubleValue();
  }

  static void requireFinite(double from, double to) {
    if (!Double.isFinite(from) || !Double.isFinite(to)) {
      throw new IllegalArgumentException(
          "from, to: " + from + ", " + to + " (expected: finite numbers)");
    }
  }

  static void requireSpan(double start, double end) {
    if (!(start >= 0 && start < end && end <= 1)) {
      throw new IllegalArgumentException(
          "start, end: %s, %s (expected: 0 <= start < end <= 1)"
              .formatted(plain(start), plain(end)));
    }
  }

  static String span(double start, double end) {
    return start == 0 && end == 1
        ? ""
        : " between " + plain(100 * start) + " % and " + plain(100 * end) + " % of the run";
  }

  static String plain(double number) {
    if (!Double.isFinite(number)) {
      return Double.toString(number);
    }
    String digits = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    return digits.length() <= 12 ? digits : Double.toString(number);
  }
}
