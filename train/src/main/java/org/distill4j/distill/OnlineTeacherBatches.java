package org.distill4j.distill;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.distill4j.data.Dataset;
import org.distill4j.data.Prefetch;
import org.distill4j.engine.FeedBatch;
import org.distill4j.fault.RunFault;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;

/**
 * Batches with what a live teacher says of them. Two threads work ahead of the student, each one
 * batch after the other: the first shows the examples, the second asks the teacher in ONNX Runtime,
 * which has threads of its own. There are never more than {@link #AHEAD} answered batches and one
 * that is being shown, so memory is bounded however fast either side is.
 *
 * <p>What a batch holds is a function of its step alone: how the threads meet decides nothing.
 */
final class OnlineTeacherBatches implements Batches {
  /** A batch as both nets see it. */
  private record Shown(FeedBatch feed, FloatBuffer asked) implements AutoCloseable {
    @Override
    public void close() {
      feed.close();
    }
  }

  /** Where an answered batch waits for the student. */
  private static final class Answered {
    private Shown batch;
  }

  private final Predictor teacher;
  private final String name;
  private final Dataset data;
  private final int batch;
  private final BatchComposer course;
  private final Prefetch<Shown> shown;
  private final Prefetch<Answered> answered;
  private final IdentityHashMap<FeedBatch, Answered> taken = new IdentityHashMap<>();

  private OnlineTeacherBatches(
      Predictor teacher,
      TrainingSpec task,
      BatchComposer course,
      Supplier<FeedBatch> memory,
      long firstStep,
      long steps) {
    this.teacher = teacher;
    this.name = task.name();
    this.data = task.data().train().data();
    this.course = course;
    this.batch = course.batch();
    int floats = Math.multiplyExact(batch, Math.toIntExact(data.shape().elements()));
    this.shown =
        Prefetch.start(
            AHEAD + 1,
            () -> new Shown(memory.get(), direct(floats)),
            (slot, step) -> course.fill(slot.feed(), slot.asked(), step),
            firstStep,
            steps);
    this.answered = Prefetch.start(AHEAD, Answered::new, this::ask, firstStep, steps);
  }

  static OnlineTeacherBatches start(
      Teacher teacher,
      TrainingSpec task,
      BatchComposer course,
      Supplier<FeedBatch> memory,
      long firstStep,
      long steps) {
    Predictor predictor =
        Runtimes.of(teacher.model()).openForBatches(teacher.model(), teacher.threads());
    try {
      return new OnlineTeacherBatches(predictor, task, course, memory, firstStep, steps);
    } catch (RuntimeException | Error e) {
      predictor.close();
      throw e;
    }
  }

  private void ask(Answered answer, long step) {
    Shown next = shown.take();
    FloatBuffer logits = next.feed().array(Objective.TEACHER);
    long start = System.nanoTime();
    teacher.run(batch, next.asked(), logits);
    course.heard(System.nanoTime() - start);
    int classes = data.classes().size();
    for (int i = 0; i < batch * classes; i++) {
      if (!Float.isFinite(logits.get(i))) {
        throw new RunFault(
            "%s: teacher logit at step %s, class '%s': %s (expected: finite; the teacher or its preprocessing is wrong)"
                .formatted(name, step + 1, data.classes().get(i % classes), logits.get(i)));
      }
    }
    answer.batch = next;
  }

  @Override
  public FeedBatch take() {
    Answered next = answered.take();
    taken.put(next.batch.feed(), next);
    return next.batch.feed();
  }

  @Override
  public void release(FeedBatch feed) {
    Answered done = taken.remove(feed);
    if (done == null) {
      throw new IllegalArgumentException("batch: not taken (expected: one that take() gave)");
    }
    shown.release(done.batch);
    done.batch = null;
    answered.release(done);
  }

  @Override
  public long waitedNanos() {
    return answered.waitedNanos();
  }

  /** Waits for the batch that the teacher is working on. */
  @Override
  public void close() {
    answered.close();
    shown.close();
    teacher.close();
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
