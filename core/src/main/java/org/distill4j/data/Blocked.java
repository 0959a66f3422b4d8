package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/** A data set whose examples are to be shuffled within blocks. */
record Blocked(Dataset data, long shuffleBlock) implements Dataset {
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
    return Sha256.ofTexts(data.sha256(), "blocks", shuffleBlock + "");
  }

  @Override
  public Preprocessing preprocessing() {
    return data.preprocessing();
  }
}
