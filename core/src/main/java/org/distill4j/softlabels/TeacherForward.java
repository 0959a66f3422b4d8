package org.distill4j.softlabels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.distill4j.data.Dataset;
import org.distill4j.data.Examples;
import org.distill4j.data.Prefetch;
import org.distill4j.inference.Predictor;

/**
 * What a teacher answers to one batch of examples after the other, from the first to the last.
 * While it works on one batch, the next is read on another thread, so that it never waits.
 */
final class TeacherForward {
  /** Hears the answers to one batch. */
  @FunctionalInterface
  interface Consumer {
    /**
     * Takes them before the next batch overwrites them.
     *
     * @param first the batch's first example
     * @param count how many there are
     * @param logits [count, classes], from the buffer's start
     */
    void accept(long first, int count, FloatBuffer logits) throws IOException;
  }

  private static final int SLOTS = 3; // one with the teacher, one ready, one being filled

  private final Predictor teacher;
  private final Examples examples;
  private final Dataset data;
  private final int batch;

  TeacherForward(Predictor teacher, Examples examples, int batch) {
    this.teacher = teacher;
    this.examples = examples;
    this.data = examples.data();
    this.batch = batch;
  }

  /**
   * Runs the examples from one on.
   *
   * @param from a multiple of the batch
   */
  void forEach(long from, Consumer consumer) throws IOException {
    int exampleFloats = Math.toIntExact(data.shape().elements());
    FloatBuffer logits = floats(Math.multiplyExact(batch, data.classes().size()));
    long steps = (data.size() - from + batch - 1) / batch;
    try (Prefetch<FloatBuffer> batches =
        Prefetch.start(
            SLOTS,
            () -> floats(Math.multiplyExact(batch, exampleFloats)),
            this::read,
            from / batch,
            steps)) {
      for (long first = from; first < data.size(); first += batch) {
        int count = (int) Math.min(batch, data.size() - first);
        FloatBuffer ready = batches.take();
        teacher.run(count, ready, logits);
        batches.release(ready);
        consumer.accept(first, count, logits);
      }
    }
  }

  private void read(FloatBuffer target, long step) {
    target.clear();
    long end = Math.min(data.size(), (step + 1) * batch);
    for (long i = step * batch; i < end; i++) {
      examples.read(i, target);
    }
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
