package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/** Some examples of a data set, under indices of their own. It holds no values of its own. */
public final class Subset implements Dataset {
  /** Epochs count from 0, and no other choice has this number: no other order is this one. */
  private static final long OWN_EPOCH = -2;

  private final Dataset all;
  private final Order order;
  private final long from;
  private final long size;
  private final String sha256;

  private Subset(Dataset all, Order order, long from, long to, String sha256) {
    if (from < 0 || to <= from || to > all.size()) {
      throw new IllegalArgumentException(
          "examples: %d to %d of '%s' (expected: at least one, within %d)"
              .formatted(from, to, all.name(), all.size()));
    }
    this.all = all;
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
    Order order = new Order(all.size(), seed, OWN_EPOCH);
    String sha256 = Sha256.ofTexts(all.sha256(), "shuffled", seed + "", from + "", to + "");
    return new Subset(all, order, from, to, sha256);
  }

  /** The index that an example has in the whole set. */
  public long indexInAll(long index) {
    Objects.checkIndex(index, size);
    return order == null ? from + index : order.at(from + index);
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public Shape shape() {
    return all.shape();
  }

  @Override
  public List<String> classes() {
    return all.classes();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long index, FloatBuffer target) {
    all.read(indexInAll(index), target);
  }

  @Override
  public int label(long index) {
    return all.label(indexInAll(index));
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public TaskType task() {
    return all.task();
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    all.targets(indexInAll(index), target);
  }

  @Override
  public Optional<Table> table() {
    return all.table();
  }

  @Override
  public long shuffleBlock() {
    return all.shuffleBlock();
  }

  @Override
  public List<Double> classWeights() {
    return all.classWeights();
  }

  @Override
  public Preprocessing preprocessing() {
    return all.preprocessing();
  }
}
