package org.distill4j.data;

import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The sampling of examples: which of them go where, in which order they are met, and how much each
 * counts.
 *
 * @param validation how many training examples are kept for validation
 * @param test how many examples are kept for the test where it has no file
 * @param seed chooses which of them go where
 * @param shuffle examples are shuffled within blocks of so many
 * @param classWeights how much each class counts in the loss to the labels
 */
public record DataSampling(
    @Describe("training examples kept for validation; if absent, as the name says or a tenth")
        Optional<Long> validation,
    @Describe("examples kept for the test where it has no file; if absent, a tenth")
        Optional<Long> test,
    @Default("1") @Describe("chooses which of your own examples go where") long seed,
    @Describe("examples are shuffled within blocks of so many, >= 2; if absent, all with all")
        Optional<Long> shuffle,
    @Describe("how much each class counts in the loss to the labels; if absent, all the same")
        Optional<ClassWeights> classWeights) {
  /** A tenth each for validation and test, all shuffled with all, each class counting the same. */
  public static final DataSampling USUAL =
      new DataSampling(Optional.empty(), Optional.empty(), 1, Optional.empty(), Optional.empty());

  private static final Optional<Long> ALL = Optional.of(Long.MAX_VALUE);

  /** Nothing is drawn: all examples stand for a part that has no file. */
  public static final DataSampling WHOLE =
      new DataSampling(ALL, ALL, 1, Optional.empty(), Optional.empty());

  /** Checks the bounds. */
  public DataSampling {
    requirePositive("validation", validation);
    requirePositive("test", test);
    if (shuffle.isPresent() && shuffle.get() < 2) {
      throw new IllegalArgumentException("shuffle: " + shuffle.get() + " (expected: >= 2)");
    }
  }

  private static void requirePositive(String name, Optional<Long> count) {
    if (count.isPresent() && count.get() < 1) {
      throw new IllegalArgumentException(name + ": " + count.get() + " (expected: >= 1)");
    }
  }

  /** Whether all examples stand for a part that has no file. */
  public boolean isWhole() {
    return validation.equals(ALL) && test.equals(ALL);
  }

  /** The same with so many training examples kept for validation. */
  public DataSampling validation(long count) {
    return new DataSampling(Optional.of(count), test, seed, shuffle, classWeights);
  }

  /** The same with so many examples kept for the test. */
  public DataSampling test(long count) {
    return new DataSampling(validation, Optional.of(count), seed, shuffle, classWeights);
  }
}
