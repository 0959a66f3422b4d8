package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.tensor.Shape;

/**
 * Anyone's data set, held to its contract: every label is a class, every example has the shape's
 * values, and the digest, for which all of it may be read, is computed once.
 */
final class CheckedDataset extends DerivedDataset {
  private final Shape shape;
  private final int elements;
  private final List<String> classes;
  private volatile String sha256;

  private CheckedDataset(Dataset data) {
    super(data);
    this.shape = data.shape();
    this.elements = Math.toIntExact(shape.elements());
    this.classes = List.copyOf(data.classes());
  }

  /** The data themselves if they were checked when they were made. */
  static Dataset of(Dataset data) {
    return data instanceof CheckedDataset
            || data instanceof ArrayDataset
            || data instanceof MappedDataset
        ? data
        : new CheckedDataset(data);
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
  public void read(long index, FloatBuffer target) {
    int start = target.position();
    all().read(index, target);
    if (target.position() - start != elements) {
      throw new InputFault(
          "data '%s' example %s: %s values (expected: %s, for %s)"
              .formatted(name(), index, target.position() - start, elements, shape));
    }
  }

  @Override
  public int label(long index) {
    int label = all().label(index);
    if (label < 0 || label >= classes.size()) {
      throw new InputFault(
          "data '%s' example %s: label %s (expected: 0 to %s)"
              .formatted(name(), index, label, classes.size() - 1));
    }
    return label;
  }

  @Override
  public String sha256() {
    String known = sha256;
    if (known == null) {
      known = all().sha256();
      sha256 = known;
    }
    return known;
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    if (task() == TaskType.SINGLE_LABEL) {
      super.targets(index, target);
      return;
    }
    int start = target.position();
    all().targets(index, target);
    for (int c = 0; c < classes.size(); c++) {
      float value = target.get(start + c);
      boolean fits =
          task() == TaskType.REGRESSION ? Float.isFinite(value) : value == 0 || value == 1;
      if (!fits || target.position() != start + classes.size()) {
        throw new InputFault(
            "data '%s' example %s: '%s' is %s, of %s (expected: %s for each of %s)"
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
}
