package org.distill4j.table;

/**
 * How many different values there are, in bounded memory: exact up to so many of them, 16,384 where
 * nothing else is said, then within a few hundredths.
 *
 * <p>Wegman's adaptive sampling: of all hashes those are kept that end in so many zero bits, one
 * more whenever they become too many; each stands for as many values as have other endings.
 *
 * @see <a href="https://doi.org/10.1007/BF02241657">Flajolet, On adaptive sampling, 1990</a>
 */
final class DistinctCount {
  private static final int USUALLY = 1 << 14;
  private static final int FEWEST = 1 << 9;
  private static final int FIRST = 64;

  /** So many values all columns of a table may hold together, of 16 bytes each. */
  private static final int TOGETHER = 1 << 23;

  private final int most;

  private long[] slots = new long[FIRST]; // 0: free
  private int size;
  private int zeros;

  DistinctCount() {
    this(1);
  }

  /**
   * Begins.
   *
   * @param columns how many others are counted at once
   */
  DistinctCount(int columns) {
    this.most = Math.max(FEWEST, Math.min(USUALLY, TOGETHER / Math.max(1, columns)));
  }

  void add(double value) {
    add(Double.doubleToLongBits(value + 0.0)); // -0.0 is 0
  }

  void add(String value) {
    long hash = value.length();
    for (int i = 0; i < value.length(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + value.charAt(i);
    }
    add(hash);
  }

  private void add(long value) {
    long hash = mixed(value);
    if ((hash & ((1L << zeros) - 1)) == 0 && put(hash == 0 ? 1L << 62 : hash)) {
      size++;
      if (size > most) {
        zeros++;
        refill(slots.length);
      } else if (2 * size > slots.length) {
        refill(2 * slots.length);
      }
    }
  }

  private boolean put(long hash) {
    int at = (int) (hash >>> 33) & (slots.length - 1);
    while (slots[at] != 0) {
      if (slots[at] == hash) {
        return false;
      }
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = hash;
    return true;
  }

  private void refill(int length) {
    long[] before = slots;
    slots = new long[length];
    size = 0;
    for (long hash : before) {
      if (hash != 0 && (hash & ((1L << zeros) - 1)) == 0 && put(hash)) {
        size++;
      }
    }
  }

  /** How many different values were added. */
  long count() {
    return (long) size << zeros;
  }

  /** MurmurHash3's finalizer: every bit of the value moves every bit of the hash. */
  private static long mixed(long value) {
    long x = value ^ value >>> 33;
    x *= 0xff51afd7ed558ccdL;
    x ^= x >>> 33;
    x *= 0xc4ceb9fe1a85ec53L;
    return x ^ x >>> 33;
  }
}
