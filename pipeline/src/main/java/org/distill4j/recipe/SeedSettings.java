package org.distill4j.recipe;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/**
 * The settings {@code seeds} of a recipe: how many seeds a run takes, the recipe's, the next one,
 * and so on.
 *
 * @param count how many, 1 to 1000
 * @param each what each seed has of its own
 */
@Shorthand
@Describe("how many seeds the run takes: the recipe's, the next one, and so on")
public record SeedSettings(
    @Describe("how many seeds, 1..1000") int count,
    @Default("student") @Describe("what each seed has of its own: a student, or the whole chain")
        Each each) {
  /** The most seeds there can be. */
  private static final int MOST = 1000;

  /** What each seed has of its own. */
  public enum Each {
    /** Students of one teacher: initial weights, order, dropout. */
    STUDENT,
    /** A teacher as well, its labels, and which labels a student may see. */
    CHAIN
  }

  /** Checks the bounds. */
  public SeedSettings {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("count: " + count + " (expected: 1 to 1000)");
    }
  }

  /** Whether each seed has a teacher of its own. */
  public boolean areChains() {
    return each == Each.CHAIN;
  }

  /** One seed. */
  public static SeedSettings one() {
    return new SeedSettings(1, Each.STUDENT);
  }
}
