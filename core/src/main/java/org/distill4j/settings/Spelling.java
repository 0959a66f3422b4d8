package org.distill4j.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How names are spelled in YAML, and what a misspelled one, there or elsewhere, probably meant. */
public final class Spelling {
  private Spelling() {}

  /** {@code batchSize} and {@code BatchSize} as {@code batch-size}, {@code BATCH_SIZE} too. */
  static String kebab(String name) {
    if (name.equals(name.toUpperCase(Locale.ROOT))) {
      return name.replace('_', '-').toLowerCase(Locale.ROOT);
    }
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** The known name that a word most likely is, if one is near. */
  static Optional<String> nearest(String word, Collection<String> known) {
    String letters = letters(word);
    Optional<String> near =
        known.stream()
            .filter(k -> distance(word, k) <= reach(letters))
            .min(Comparator.comparingInt(k -> distance(word, k)));
    return near.isPresent()
        ? near
        : known.stream().filter(k -> begins(letters(k), letters)).findFirst();
  }

  private static int reach(String letters) {
    return Math.max(1, letters.length() / 3);
  }

  private static boolean begins(String a, String b) {
    return Math.min(a.length(), b.length()) >= 3 && (a.startsWith(b) || b.startsWith(a));
  }

  /** {@code (did you mean 'x'?)} or the names that are known. */
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known)
        .map(Spelling::guess)
        .orElseGet(() -> "(expected: " + oneOf(known) + ")");
  }

  /**
   * The same for a key that may belong somewhere else, if none here is one slip away.
   *
   * @param elsewhere paths of keys in other places, the likelier places first
   */
  static String hint(String word, Collection<String> known, List<String> elsewhere) {
    int here = known.stream().mapToInt(k -> distance(word, k)).min().orElse(Integer.MAX_VALUE);
    return elsewhere.stream()
        .filter(path -> distance(word, lastKey(path)) <= 1)
        .filter(path -> here > 1 && distance(word, lastKey(path)) < here)
        .min(Comparator.comparingInt(path -> distance(word, lastKey(path))))
        .map(Spelling::guess)
        .orElseGet(() -> hint(word, known));
  }

  private static String lastKey(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static String guess(String name) {
    return "(did you mean '" + name + "'?)";
  }

  /** {@code a, b or c}. */
  static String oneOf(Collection<String> names) {
    List<String> list = List.copyOf(names);
    int last = list.size() - 1;
    return last < 1
        ? String.join("", list)
        : String.join(", ", list.subList(0, last)) + " or " + list.get(last);
  }

  private static String letters(String name) {
    String start = name.length() <= 64 ? name : name.substring(0, 64);
    return start.replaceAll("[-_. ]", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Letters to insert, delete, replace or swap with their neighbour.
   *
   * @see <a href="https://doi.org/10.1145/363958.363994">Damerau, 1964</a>, in the form where no
   *     letter is edited twice
   */
  static int distance(String word, String name) {
    String a = letters(word);
    String b = letters(name);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
