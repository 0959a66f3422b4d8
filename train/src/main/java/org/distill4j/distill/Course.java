package org.distill4j.distill;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.distill4j.data.BlockOrder;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Preprocessed;
import org.distill4j.engine.FeedBatch;
import org.distill4j.softlabels.SoftLabels;

/**
 * Which example a net sees when: every batch is a function of its step's number, so a resumed run
 * needs to know no more than the step.
 *
 * <p>With a teacher a net sees all examples, and the labels of those it may; without one it sees
 * the labelled examples alone. Each pass over them has an order of its own; what does not fill a
 * batch waits for another pass.
 */
final class Course {
  private final Preprocessed inputs;
  private final Optional<SoftLabels> teacher;
  private final LabelledSubset labelled;
  private final long size;
  private final int batch;
  private final int classes;
  private final long seed;
  private LongUnaryOperator order;
  private long orderedPass = -1;

  Course(
      Preprocessed inputs,
      Optional<SoftLabels> teacher,
      LabelledSubset labelled,
      int batch,
      long seed) {
    this.inputs = inputs;
    this.teacher = teacher;
    this.labelled = labelled;
    this.size = teacher.isPresent() ? inputs.data().size() : labelled.count();
    this.batch = (int) Math.min(batch, size);
    this.classes = inputs.data().classes().size();
    this.seed = seed;
  }

  /** How many examples a batch holds: as asked for, or all there are if they are fewer. */
  int batch() {
    return batch;
  }

  /** How many steps one pass takes. */
  long stepsPerPass() {
    return size / batch;
  }

  /** Fills the batch of a step; called from one thread. */
  void fill(FeedBatch feed, long step) {
    long pass = step / stepsPerPass();
    if (pass != orderedPass) {
      order = BlockOrder.of(inputs.data(), size, seed, pass);
      orderedPass = pass;
    }
    long position = step % stepsPerPass() * batch;
    FloatBuffer input = feed.input();
    FloatBuffer labels = feed.array(Objective.LABELS);
    FloatBuffer soft = teacher.isPresent() ? feed.array(Objective.TEACHER) : null;
    Dataset data = inputs.data();
    for (int i = 0; i < batch; i++) {
      long drawn = order.applyAsLong(position + i);
      long index = teacher.isPresent() ? drawn : labelled.at(drawn);
      inputs.read(index, input);
      int label = labelled.contains(index) ? data.label(index) : -1;
      for (int c = 0; c < classes; c++) {
        labels.put(c == label ? 1 : 0);
      }
      if (soft != null) {
        teacher.get().read(index, soft);
      }
    }
  }
}
