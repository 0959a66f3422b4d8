package org.distill4j.data;

/**
 * The subset of training examples whose labels a student may see: {@code count} of {@code size},
 * drawn uniformly without replacement and without regard to their classes, so each class is met
 * about as often as the data have it, not exactly.
 *
 * <p>An example is in when its position in a permutation of its own, which only the seed chooses,
 * is among the first {@code count}: asking takes no memory, and a smaller subset of the same seed
 * lies inside a larger one.
 */
public final class LabelledSubset {
  /** Epochs count from 0, so no order of training is this one. */
  private static final long OWN_EPOCH = -1;

  private final EpochOrder order;
  private final long count;
  private final long seed;

  private LabelledSubset(EpochOrder order, long count, long seed) {
    this.order = order;
    this.count = count;
    this.seed = seed;
  }

  /**
   * A subset.
   *
   * @param count how many examples keep their label, 0 to {@code size}
   * @param size how many training examples there are, 1 to {@link EpochOrder#MAX_SIZE}
   * @param seed chooses which
   */
  public static LabelledSubset of(long count, long size, long seed) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(
          "labelled: " + count + " (expected: 0 <= labelled <= " + size + " training examples)");
    }
    return new LabelledSubset(new EpochOrder(size, seed, OWN_EPOCH), count, seed);
  }

  /** Every label may be seen. */
  public static LabelledSubset all(long size) {
    return of(size, size, 0);
  }

  /** How many labels may be seen. */
  public long count() {
    return count;
  }

  /** How many training examples there are. */
  public long size() {
    return order.size();
  }

  /**
   * Whether the label of a training example may be seen.
   *
   * @param index from 0 to {@link #size()} - 1
   */
  public boolean contains(long index) {
    return order.positionOf(index) < count;
  }

  /**
   * One of the examples whose label may be seen.
   *
   * @param position from 0 to {@link #count()} - 1
   * @return the example's index; a different one for each position
   */
  public long at(long position) {
    if (position < 0 || position >= count) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: 0 <= position < " + count + ")");
    }
    return order.at(position);
  }

  /**
   * All that decides which they are: {@code 60 of 8400 by seed 1}; the seed is left out where it
   * decides nothing.
   */
  @Override
  public String toString() {
    return count + " of " + size() + (count < size() ? " by seed " + seed : "");
  }
}
