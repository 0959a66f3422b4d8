package org.distill4j.cli.options;

import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.data.Dataset;
import org.distill4j.graph.TaskType;
import org.distill4j.tensor.Shape;

/** Rows whose truth nobody knows: they are all of the first class, or all zeros. */
public record UnlabelledRows(
    String name, Shape shape, List<String> classes, TaskType task, List<float[]> rows)
    implements Dataset {
  @Override
  public long size() {
    return rows.size();
  }

  @Override
  public void read(long index, FloatBuffer target) {
    target.put(rows.get((int) index));
  }

  @Override
  public int label(long index) {
    return 0;
  }
}
