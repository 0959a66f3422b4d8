package org.distill4j.data;

import java.util.function.LongUnaryOperator;

/**
 * A block-wise shuffled order of the examples of one epoch: examples which are read one after the
 * other lie near each other, as with a shuffle buffer, but it is computed from (seed, epoch,
 * position) like {@link EpochOrder}, without state.
 *
 * <p>The blocks come in an order of their own, each shuffled within; where they begin moves from
 * epoch to epoch, so that other examples meet.
 */
public final class BlockOrder implements LongUnaryOperator {
  private record Block(long number, EpochOrder order) {}

  private final long size;
  private final long block;
  private final long seed;
  private final long epoch;
  private final long whole;
  private final long shift;
  private final EpochOrder blocks; // of those that are whole; null if there is none
  private volatile Block latest;

  /**
   * The order of one epoch.
   *
   * @param size how many examples, at least 1
   * @param block how many are shuffled together, at least 1
   */
  public BlockOrder(long size, long seed, long epoch, long block) {
    this.size = size;
    this.block = block;
    this.seed = seed;
    this.epoch = epoch;
    this.whole = size / block;
    this.blocks = whole > 0 ? new EpochOrder(whole, seed, epoch) : null;
    this.shift = new EpochOrder(size, ~seed, epoch).at(0);
  }

  /**
   * The order of one epoch as a data set wants it.
   *
   * @param size how many of its examples take part
   */
  public static LongUnaryOperator of(Dataset data, long size, long seed, long epoch) {
    long block = data.shuffleBlock();
    return block == 0 || block >= size
        ? new EpochOrder(size, seed, epoch)::at
        : new BlockOrder(size, seed, epoch, block);
  }

  /** The example at a position. */
  @Override
  public long applyAsLong(long position) {
    if (position < 0 || position >= size) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: 0 <= position < " + size + ")");
    }
    long number = position / block;
    Block found = latest;
    if (found == null || found.number() != number) {
      long length = number < whole ? block : size - whole * block;
      found =
          new Block(
              number, new EpochOrder(length, seed + (number + 1) * 0x9e3779b97f4a7c15L, epoch));
      latest = found;
    }
    long first = (number < whole ? blocks.at(number) : whole) * block;
    return (first + found.order().at(position - number * block) + shift) % size;
  }
}
