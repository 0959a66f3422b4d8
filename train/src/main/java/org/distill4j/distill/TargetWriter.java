package org.distill4j.distill;

import java.nio.FloatBuffer;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.engine.FeedBatch;
import org.distill4j.graph.TaskType;

/** Writes what a net may know of the truth about its examples, one after the other. */
final class TargetWriter {
  private final Dataset data;
  private final LabelledSubset labelled;
  private final boolean single;
  private final int classes;
  private final FloatBuffer one;
  private final FloatBuffer other;
  private FloatBuffer labels;
  private FloatBuffer mask; // null where a row of zeros says enough

  TargetWriter(Dataset data, LabelledSubset labelled) {
    this.data = data;
    this.labelled = labelled;
    this.single = data.task() == TaskType.SINGLE_LABEL;
    this.classes = data.classes().size();
    this.one = FloatBuffer.allocate(classes);
    this.other = FloatBuffer.allocate(classes);
  }

  /** Begins a batch. */
  void begin(FeedBatch feed) {
    labels = feed.array(Objective.LABELS);
    mask = single ? null : feed.array(TaskObjective.LABELLED);
  }

  /** The next row: the truth about an example. */
  void put(long index) {
    if (!single) {
      data.targets(index, labels);
      mask.put(labelled.contains(index) ? 1 : 0);
      return;
    }
    int label = visibleLabel(index);
    for (int c = 0; c < classes; c++) {
      labels.put(c == label ? 1 : 0);
    }
  }

  /** The next row: the truth about a mixture, {@code share} of the first example. */
  void putMixed(long first, long second, float share) {
    if (single) {
      int label = visibleLabel(first);
      int with = visibleLabel(second);
      for (int c = 0; c < classes; c++) {
        labels.put((c == label ? share : 0) + (c == with ? 1 - share : 0));
      }
      return;
    }
    data.targets(first, one.clear());
    data.targets(second, other.clear());
    for (int c = 0; c < classes; c++) {
      labels.put(share * one.get(c) + (1 - share) * other.get(c));
    }
    mask.put(labelled.contains(first) && labelled.contains(second) ? 1 : 0);
  }

  /** The class, or -1 where it may not be seen. */
  private int visibleLabel(long index) {
    return labelled.contains(index) ? data.label(index) : -1;
  }
}
