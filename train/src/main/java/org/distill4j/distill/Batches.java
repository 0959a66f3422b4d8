package org.distill4j.distill;

import java.util.function.Supplier;
import org.distill4j.data.Prefetch;
import org.distill4j.engine.FeedBatch;

/** The batches of a training in the order of its steps, prepared ahead on other threads. */
interface Batches extends AutoCloseable {
  /** How many batches there are at a time: one in use, the others ready or on their way. */
  int AHEAD = 3;

  /** The batch of the next step, the caller's until it is released; see {@link Prefetch#take}. */
  FeedBatch take();

  /** Gives a batch back to be filled again. */
  void release(FeedBatch batch);

  /** How long {@link #take} has waited in all, in nanoseconds. */
  long waitedNanos();

  @Override
  void close();

  /**
   * Starts preparing.
   *
   * @param memory makes room for one batch
   * @param firstStep the first step to prepare
   * @param steps how many there are from there on
   */
  static Batches start(
      TrainingSpec task,
      BatchComposer course,
      Supplier<FeedBatch> memory,
      long firstStep,
      long steps) {
    if (task.teaching().orElse(null) instanceof TeacherSignal.Online live) {
      return OnlineTeacherBatches.start(live.teacher(), task, course, memory, firstStep, steps);
    }
    Prefetch<FeedBatch> prepared = Prefetch.start(AHEAD, memory, course::fill, firstStep, steps);
    return new Batches() {
      @Override
      public FeedBatch take() {
        return prepared.take();
      }

      @Override
      public void release(FeedBatch batch) {
        prepared.release(batch);
      }

      @Override
      public long waitedNanos() {
        return prepared.waitedNanos();
      }

      @Override
      public void close() {
        prepared.close();
      }
    };
  }
}
