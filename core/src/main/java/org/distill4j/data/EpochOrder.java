package org.distill4j.data;

/**
 * The shuffled order of the examples in one epoch: a pseudo-random permutation of {@code 0 .. size
 * - 1} that is computed, not stored. Every position is a function of the seed, the epoch and the
 * position, so a resumed run needs no state and a billion examples need no memory.
 *
 * <p>It is a Feistel network over the grid {@code a x b} with {@code a = ceil(sqrt(size))} and
 * {@code b = ceil(size / a)}. An index is {@code a * right + left}; the rounds add a keyed hash of
 * one half to the other, by turns, modulo {@code a} and {@code b}. Each round can be undone, so the
 * whole is a bijection on the grid. The grid has fewer than {@code a} cells too many: an index that
 * lands outside is sent through again until it falls inside (cycle walking), which keeps the
 * bijection.
 *
 * <p>Eight rounds: four make a Feistel network indistinguishable from a random permutation when the
 * halves are large (Luby and Rackoff, 1988); tiny sets, whose halves hold a few values, need more.
 *
 * @see <a href="https://doi.org/10.1007/3-540-45760-7_9">Black and Rogaway: Ciphers with arbitrary
 *     finite domains, 2002</a>
 */
public final class EpochOrder {
  /** The most examples: 2 to the 40th, so that both halves fit the hash's 32-bit scaling. */
  public static final long MAX_SIZE = 1L << 40;

  private static final int ROUNDS = 8;

  private final long size;
  private final long a;
  private final long b;
  private final long[] keys;

  /**
   * The order of one epoch.
   *
   * @param size how many examples, 1 to {@link #MAX_SIZE}
   * @param seed chooses the run
   * @param epoch chooses the permutation within the run
   */
  public EpochOrder(long size, long seed, long epoch) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "size: " + size + " (expected: 1 <= size <= " + MAX_SIZE + ")");
    }
    this.size = size;
    this.a = ceilSqrt(size);
    this.b = (size + a - 1) / a;
    this.keys = new long[ROUNDS];
    long state = mix(mix(seed) + epoch);
    for (int i = 0; i < ROUNDS; i++) {
      state = mix(state + i + 1);
      keys[i] = state;
    }
  }

  /** How many examples there are. */
  public long size() {
    return size;
  }

  /**
   * The example at a position.
   *
   * @param position from 0 to {@link #size()} - 1
   * @return the example's index, in the same range
   */
  public long at(long position) {
    long index = checked("position", position);
    do {
      index = forward(index);
    } while (index >= size);
    return index;
  }

  /**
   * The position of an example: the inverse of {@link #at}.
   *
   * @param index from 0 to {@link #size()} - 1
   */
  public long positionOf(long index) {
    long position = checked("index", index);
    do {
      position = backward(position);
    } while (position >= size);
    return position;
  }

  private long checked(String what, long value) {
    if (value < 0 || value >= size) {
      throw new IllegalArgumentException(
          what + ": " + value + " (expected: 0 <= " + what + " < " + size + ")");
    }
    return value;
  }

  private long forward(long cell) {
    long left = cell % a;
    long right = cell / a;
    for (int i = 0; i < ROUNDS; i += 2) {
      left += hash(keys[i], right, a);
      left -= left >= a ? a : 0;
      right += hash(keys[i + 1], left, b);
      right -= right >= b ? b : 0;
    }
    return a * right + left;
  }

  private long backward(long cell) {
    long left = cell % a;
    long right = cell / a;
    for (int i = ROUNDS - 2; i >= 0; i -= 2) {
      right -= hash(keys[i + 1], left, b);
      right += right < 0 ? b : 0;
      left -= hash(keys[i], right, a);
      left += left < 0 ? a : 0;
    }
    return a * right + left;
  }

  /** A number from 0 to bound - 1; the bound is at most 2^20, so the product fits 52 bits. */
  private static long hash(long key, long half, long bound) {
    return ((mix(key ^ half) >>> 32) * bound) >>> 32;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, 2014), after its golden-ratio step. */
  private static long mix(long z) {
    z += 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long ceilSqrt(long n) {
    long root = (long) Math.sqrt((double) n);
    while (root * root < n) {
      root++;
    }
    return root;
  }
}
