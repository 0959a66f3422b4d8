package org.distill4j.zoo;

import java.util.List;

/** The bounds that several networks' settings share. */
final class NetBounds {
  private NetBounds() {}

  static void dropout(double dropout) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: " + dropout + " (expected: 0 <= dropout < 1)");
    }
  }

  static void atLeastOne(String setting, List<Integer> numbers) {
    for (int number : numbers) {
      atLeastOne(setting, number);
    }
  }

  static void atLeastOne(String setting, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(setting + ": " + number + " (expected: >= 1)");
    }
  }
}
