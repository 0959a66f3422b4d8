package org.distill4j.data;

import java.util.List;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;

/** What every data set in a mapped file knows beside its values. */
public abstract class MappedDataset implements Dataset {
  private final String name;
  private final Shape shape;
  private final List<String> classes;
  private final long size;
  private final String sha256;
  private final Preprocessing preprocessing;

  public MappedDataset(
      String name,
      Shape shape,
      List<String> classes,
      long size,
      String sha256,
      Preprocessing preprocessing) {
    this.name = name;
    this.shape = shape;
    this.classes = List.copyOf(classes);
    this.size = size;
    this.sha256 = sha256;
    this.preprocessing = preprocessing;
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
    return size;
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
