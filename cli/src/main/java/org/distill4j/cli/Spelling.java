package org.distill4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which of the words that exist a person may have meant. */
final class Spelling {
  private static final int MOST = 3;

  private Spelling() {}

  /** The word that is reached with the fewest mistakes, if they are few for its length. */
  static Optional<String> nearest(String typed, Collection<String> words) {
    return words.stream()
        .filter(word -> distance(typed, word) <= Math.min(MOST, (word.length() + 1) / 2))
        .min(Comparator.comparingInt(word -> distance(typed, word)));
  }

  /**
   * Letters left out, put in, changed or swapped with the next: the optimal string alignment
   * distance, after Damerau (1964).
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
