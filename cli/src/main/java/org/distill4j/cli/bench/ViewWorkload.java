package org.distill4j.cli.bench;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.views.Augmentation;
import org.distill4j.views.ViewReader;
import org.distill4j.views.Views;

/**
 * How many views a second one thread makes: reading, each step alone, some together. Seconds are of
 * the processor's time for the thread, so that other work on the machine does not count.
 */
final class ViewWorkload {
  private static final int SHOWN_AT_ONCE = 128;
  private static final int ROUNDS = 5;

  private static final String EACH =
      "[{shift: 2}, {crop: 0.6}, {flip: {axis: horizontal, probability: 0.5}}, {rotate: 10},"
          + " {erase: {most: 0.25, probability: 0.5}}, {noise: 0.1}, {mixup: 0.2}]";

  private ViewWorkload() {}

  /**
   * Measures.
   *
   * @param n how many views of each kind, in each of five rounds, of which the best counts
   * @return images per second by step
   */
  static Map<String, Object> measure(Dataset images, long n) {
    Map<String, Object> speeds = new LinkedHashMap<>();
    List<Augmentation> each = MeasuredSteps.of(EACH);
    speeds.put("none", speed(images, List.of(), n));
    for (Augmentation step : each) {
      String name = step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      speeds.put(name, speed(images, List.of(step), n));
    }
    speeds.put(
        "shift, rotate, erase", speed(images, List.of(each.get(0), each.get(3), each.get(4)), n));
    speeds.put("all", speed(images, each, n));
    return speeds;
  }

  private static long speed(Dataset images, List<Augmentation> steps, long n) {
    Preprocessed how = new Preprocessed(images, images.preprocessing());
    ViewReader viewer = new ViewReader(new Views(steps, 1, 0), images);
    FloatBuffer batch =
        ByteBuffer.allocateDirect(
                Math.toIntExact(SHOWN_AT_ONCE * images.shape().elements() * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = processorNanos();
      for (long i = 0; i < n; i++) {
        if (i % SHOWN_AT_ONCE == 0) {
          batch.clear();
        }
        viewer.look(round, i % images.size());
        viewer.write(how, batch);
      }
      best = Math.max(best, n * 1e9 / (processorNanos() - start));
    }
    return Math.round(best);
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
