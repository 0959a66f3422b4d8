package org.distill4j.search;

import java.time.Duration;
import java.util.Locale;

/** The time that a search, or a part of it, may take. */
final class Budget {
  private final long end; // as System.nanoTime counts

  private Budget(long end) {
    this.end = end;
  }

  /** From now on. */
  static Budget of(Duration time) {
    return new Budget(System.nanoTime() + time.toNanos());
  }

  /** Seconds that are left, at least 0. */
  double left() {
    return Math.max(0, (end - System.nanoTime()) / 1e9);
  }

  /** Whether something that takes so many seconds can end in time. */
  boolean allows(double seconds) {
    return left() > seconds;
  }

  /**
   * A part of what is left, from now on.
   *
   * @param share above 0, at most 1
   */
  Budget part(double share) {
    long now = System.nanoTime();
    return new Budget(now + (long) (share * Math.max(0, end - now)));
  }

  /** As in a message: {@code 12 s of the budget are left}. */
  String says() {
    return String.format(Locale.ROOT, "%.0f s of the budget are left", left());
  }
}
