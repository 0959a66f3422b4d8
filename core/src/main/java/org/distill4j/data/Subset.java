package org.distill4j.data;

import java.util.Objects;
import org.distill4j.storage.Sha256;

/** A subset of a data set, under indices of its own. It holds no values of its own. */
public final class Subset extends DerivedDataset {
  /** Epochs count from 0, and no other choice has this number: no other order is this one. */
  private static final long OWN_EPOCH = -2;

  private final EpochOrder order;
  private final long from;
  private final long size;
  private final String sha256;

  private Subset(Dataset all, EpochOrder order, long from, long to, String sha256) {
    super(all);
    if (from < 0 || to <= from || to > all.size()) {
      throw new IllegalArgumentException(
          "examples: %s to %s of '%s' (expected: at least one, within %s)"
              .formatted(from, to, all.name(), all.size()));
    }
    this.order = order;
    this.from = from;
    this.size = to - from;
    this.sha256 = sha256;
  }

  /**
   * The examples {@code from .. to - 1} in their order.
   *
   * @return the data set itself if that is all of it
   */
  public static Dataset range(Dataset all, long from, long to) {
    if (from == 0 && to == all.size()) {
      return all;
    }
    String sha256 = Sha256.ofTexts(all.sha256(), "range", from + "", to + "");
    return new Subset(all, null, from, to, sha256);
  }

  /**
   * The examples that a pseudo-random order puts at the positions {@code from .. to - 1}, in that
   * order.
   *
   * @param seed chooses the order, which is that of no epoch
   */
  public static Dataset shuffled(Dataset all, long seed, long from, long to) {
    EpochOrder order = new EpochOrder(all.size(), seed, OWN_EPOCH);
    String sha256 = Sha256.ofTexts(all.sha256(), "shuffled", seed + "", from + "", to + "");
    return new Subset(all, order, from, to, sha256);
  }

  @Override
  public long indexInAll(long index) {
    Objects.checkIndex(index, size);
    return order == null ? from + index : order.at(from + index);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String sha256() {
    return sha256;
  }
}
