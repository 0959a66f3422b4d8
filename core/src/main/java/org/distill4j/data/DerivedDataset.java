package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.RecordSettings;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/**
 * A data set made of the examples of another, some or all of them, in that or another order. Says
 * of itself what the other says, but for what a subclass changes; one that changes the examples or
 * their number has a digest of its own.
 */
public abstract class DerivedDataset implements Dataset {
  private final Dataset all;

  /** What it is derived from. */
  protected DerivedDataset(Dataset all) {
    this.all = all;
  }

  /** What it is derived from. */
  protected final Dataset all() {
    return all;
  }

  /** The index that an example has in what this is derived from: the same, unless overridden. */
  public long indexInAll(long index) {
    return index;
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
  public TaskType task() {
    return all.task();
  }

  @Override
  public long size() {
    return all.size();
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
  public void targets(long index, FloatBuffer target) {
    all.targets(indexInAll(index), target);
  }

  @Override
  public Optional<Table> table() {
    return all.table();
  }

  @Override
  public Optional<Dialect> dialect() {
    return all.dialect();
  }

  @Override
  public ResizeMode fit() {
    return all.fit();
  }

  @Override
  public Optional<RecordSettings> records() {
    return all.records();
  }

  @Override
  public Optional<ColumnNames> columns() {
    return all.columns();
  }

  @Override
  public List<String> notes() {
    return all.notes();
  }

  @Override
  public List<String> columnLines() {
    return all.columnLines();
  }

  @Override
  public String sha256() {
    return all.sha256();
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
