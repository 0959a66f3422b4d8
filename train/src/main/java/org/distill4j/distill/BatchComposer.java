package org.distill4j.distill;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.distill4j.data.BlockOrder;
import org.distill4j.data.Dataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Preprocessed;
import org.distill4j.engine.FeedBatch;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.views.ViewReader;
import org.distill4j.views.Views;

/**
 * Which example a net sees when, and in which view: every batch is a function of its step's number,
 * so a resumed run needs to know no more than the step.
 *
 * <p>With a teacher a net sees all examples, and the labels of those it may; without one it sees
 * the labelled examples alone. Each pass over them has an order of its own; what does not fill a
 * batch waits for another pass.
 */
final class BatchComposer {
  private final Preprocessed inputs;
  private final Preprocessed asked;
  private final Dataset data;
  private final boolean taught;
  private final List<SoftLabels> files;
  private final LabelledSubset labelled;
  private final Views views;
  private final ViewReader viewer; // null where examples are seen as they are
  private final long size;
  private final int batch;
  private final TargetWriter truths;
  private final long seed;
  private long readNanos;
  private long viewNanos;
  private long labelNanos;
  private long teacherNanos;
  private LongUnaryOperator order;
  private long orderedPass = -1;

  BatchComposer(TrainingSpec task) {
    this.data = task.data().train().data();
    this.inputs = new Preprocessed(data, task.preprocessing());
    this.asked =
        task.teaching().orElse(null) instanceof TeacherSignal.Online live
            ? new Preprocessed(data, live.teacher().preprocessing())
            : null;
    this.taught = task.teaching().isPresent();
    this.files = task.teaching().map(TeacherSignal::files).orElse(List.of());
    this.labelled = task.labelled();
    this.views = task.views();
    this.viewer = views.isPlain() ? null : viewer();
    this.size = taught ? data.size() : labelled.count();
    this.batch = (int) Math.min(task.settings().batch(), size);
    this.truths = new TargetWriter(data, labelled);
    this.seed = task.seed();
  }

  /** Mixes with what the net sees: all examples, or the labelled ones where these are fewer. */
  private ViewReader viewer() {
    return taught || labelled.count() == data.size()
        ? new ViewReader(views, data)
        : new ViewReader(views, data, labelled.count(), labelled::at);
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
    fill(feed, null, step);
  }

  /**
   * Fills the batch of a step; called from one thread.
   *
   * @param question takes the same examples from its start as a live teacher takes them, [batch,
   *     ...]; null where there is none
   */
  void fill(FeedBatch feed, FloatBuffer question, long step) {
    long pass = step / stepsPerPass();
    if (pass != orderedPass) {
      order = BlockOrder.of(inputs.data(), size, seed, pass);
      orderedPass = pass;
    }
    long position = step % stepsPerPass() * batch;
    long view = views.at(pass);
    FloatBuffer input = feed.input();
    truths.begin(feed);
    FloatBuffer soft = files.isEmpty() ? null : feed.array(Objective.TEACHER);
    SoftLabels file = files.isEmpty() ? null : files.get((int) (view % files.size()));
    if (question != null) {
      question.clear();
    }
    for (int i = 0; i < batch; i++) {
      long drawn = order.applyAsLong(position + i);
      long index = taught ? drawn : labelled.at(drawn);
      long start = System.nanoTime();
      long seen;
      if (viewer == null) {
        inputs.read(index, input);
        if (question != null) {
          asked.read(index, question);
        }
        seen = System.nanoTime();
        readNanos += seen - start;
        truths.put(index);
      } else {
        viewer.look(view, index);
        viewer.write(inputs, input);
        if (question != null) {
          viewer.write(asked, question);
        }
        seen = System.nanoTime();
        viewNanos += seen - start;
        truths.putMixed(viewer.index(), viewer.partner(), (float) viewer.share());
      }
      if (soft != null) {
        file.read(index, soft);
      }
      labelNanos += System.nanoTime() - seen;
    }
  }

  /** Adds what a live teacher took to answer about a batch; called from one thread. */
  void heard(long nanos) {
    teacherNanos += nanos;
  }

  /**
   * How long preparing batches took by stage, in seconds; read when no batch is being filled.
   *
   * @return {@code reading}, with decoding and preprocessing; {@code views}, which read too; {@code
   *     labels}; {@code teacher} where one answers in the steps
   */
  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("reading", readNanos / 1e9);
    seconds.put("views", viewNanos / 1e9);
    seconds.put("labels", labelNanos / 1e9);
    if (asked != null) {
      seconds.put("teacher", teacherNanos / 1e9);
    }
    return seconds;
  }
}
