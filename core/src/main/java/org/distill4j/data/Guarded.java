package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/**
 * Anyone's data set, held to its contract: every label is a class, every example has the shape's
 * values, and the digest, for which all of it may be read, is computed once.
 */
final class Guarded implements Dataset {
  private final Dataset data;
  private final Shape shape;
  private final int elements;
  private final List<String> classes;
  private volatile String sha256;

  private Guarded(Dataset data) {
    this.data = data;
    this.shape = data.shape();
    this.elements = Math.toIntExact(shape.elements());
    this.classes = List.copyOf(data.classes());
  }

  /** The data themselves if they were checked when they were made. */
  static Dataset of(Dataset data) {
    return data instanceof Guarded || data instanceof ArrayDataset || data instanceof MappedDataset
        ? data
        : new Guarded(data);
  }

  @Override
  public String name() {
    return data.name();
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public long size() {
    return data.size();
  }

  @Override
  public void read(long index, FloatBuffer target) {
    int start = target.position();
    data.read(index, target);
    if (target.position() - start != elements) {
      throw new InputFault(
          "data '%s' example %d: %d values (expected: %d, for %s)"
              .formatted(name(), index, target.position() - start, elements, shape));
    }
  }

  @Override
  public int label(long index) {
    int label = data.label(index);
    if (label < 0 || label >= classes.size()) {
      throw new InputFault(
          "data '%s' example %d: label %d (expected: 0 to %d)"
              .formatted(name(), index, label, classes.size() - 1));
    }
    return label;
  }

  @Override
  public String sha256() {
    String known = sha256;
    if (known == null) {
      known = data.sha256();
      sha256 = known;
    }
    return known;
  }

  @Override
  public TaskType task() {
    return data.task();
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    if (task() == TaskType.SINGLE_LABEL) {
      Dataset.super.targets(index, target);
      return;
    }
    int start = target.position();
    data.targets(index, target);
    for (int c = 0; c < classes.size(); c++) {
      float value = target.get(start + c);
      boolean fits =
          task() == TaskType.REGRESSION ? Float.isFinite(value) : value == 0 || value == 1;
      if (!fits || target.position() != start + classes.size()) {
        throw new InputFault(
            "data '%s' example %d: '%s' is %s, of %d (expected: %s for each of %d)"
                .formatted(
                    name(),
                    index,
                    classes.get(c),
                    value,
                    target.position() - start,
                    task() == TaskType.REGRESSION ? "a finite number" : "0 or 1",
                    classes.size()));
      }
    }
  }

  @Override
  public Optional<Table> table() {
    return data.table();
  }

  @Override
  public long shuffleBlock() {
    return data.shuffleBlock();
  }

  @Override
  public List<Double> classWeights() {
    return data.classWeights();
  }

  @Override
  public Preprocessing preprocessing() {
    return data.preprocessing();
  }
}
