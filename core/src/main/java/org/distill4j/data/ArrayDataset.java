package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;

/** A data set on the heap, for sets that are small enough for that. */
public final class ArrayDataset implements Dataset {
  private final String name;
  private final Shape shape;
  private final List<String> classes;
  private final float[][] values;
  private final int[] labels;
  private final Preprocessing preprocessing;
  private final String sha256;

  /**
   * Takes the arrays as they are, without copying; they must not be written to afterwards.
   *
   * @param shape of one example, without the batch
   * @param values one row per example, each of {@code shape.elements()} numbers
   * @param labels one per example, each from 0 to {@code classes.size() - 1}
   * @throws InputFault if a row or a label does not fit
   */
  public ArrayDataset(
      String name,
      Shape shape,
      List<String> classes,
      float[][] values,
      int[] labels,
      Preprocessing preprocessing) {
    this.name = name;
    this.shape = shape;
    this.classes = List.copyOf(classes);
    this.values = values;
    this.labels = labels;
    this.preprocessing = preprocessing;
    if (values.length == 0 || values.length != labels.length) {
      throw new InputFault(
          "data '%s': %s examples, %s labels (expected: at least one, as many of both)"
              .formatted(name, values.length, labels.length));
    }
    long elements = shape.elements();
    for (int i = 0; i < values.length; i++) {
      if (values[i].length != elements) {
        throw new InputFault(
            "data '%s': example %s has %s values (expected: %s, for %s)"
                .formatted(name, i, values[i].length, elements, shape));
      }
    }
    ClassLabelCheck.check(this);
    this.sha256 = Dataset.super.sha256();
  }

  @Override
  public String name() {
    return name;
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
    return values.length;
  }

  @Override
  public void read(long index, FloatBuffer target) {
    target.put(values[(int) Objects.checkIndex(index, (long) values.length)]);
  }

  @Override
  public int label(long index) {
    return labels[(int) Objects.checkIndex(index, (long) labels.length)];
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }
}
