package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/**
 * A data set with how a net is to be trained on it.
 *
 * @param shuffleBlock see {@link Dataset#shuffleBlock}
 * @param classWeights see {@link Dataset#classWeights}
 */
record Arranged(Dataset data, long shuffleBlock, List<Double> classWeights) implements Dataset {
  /** Takes a copy. */
  Arranged {
    classWeights = List.copyOf(classWeights);
  }

  @Override
  public String name() {
    return data.name();
  }

  @Override
  public Shape shape() {
    return data.shape();
  }

  @Override
  public List<String> classes() {
    return data.classes();
  }

  @Override
  public TaskType task() {
    return data.task();
  }

  @Override
  public long size() {
    return data.size();
  }

  @Override
  public void read(long index, FloatBuffer target) {
    data.read(index, target);
  }

  @Override
  public int label(long index) {
    return data.label(index);
  }

  @Override
  public void targets(long index, FloatBuffer target) {
    data.targets(index, target);
  }

  @Override
  public Optional<Table> table() {
    return data.table();
  }

  @Override
  public String sha256() {
    return Sha256.ofTexts(data.sha256(), "blocks " + shuffleBlock, "weights " + classWeights);
  }

  @Override
  public Preprocessing preprocessing() {
    return data.preprocessing();
  }
}
