package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.Shape;

/**
 * Latency: how long one run takes on this machine; percentiles by nearest rank.
 *
 * @param batch how many examples one run takes
 * @param threads how many threads the model was opened with
 * @param p50Ms half of the runs took at most this, in milliseconds
 * @param p95Ms 95 of 100 runs took at most this
 * @param p99Ms 99 of 100 runs took at most this
 */
public record Latency(int batch, int threads, double p50Ms, double p95Ms, double p99Ms) {
  private static final Duration USUALLY = Duration.ofMillis(1500);
  private static final int MIN_RUNS = 50; // the least from which a 95th percentile says something
  private static final int MAX_RUNS = 20_000;
  private static final int PATIENCE = 4; // a slow model may take this many times the time allowed
  private static final int MIN_RUNS_OF_SLOW = 5;

  /** {@link #measure(Predictor, int, int, Duration)} for about 1.5 seconds. */
  public static Latency measure(Predictor predictor, int batch, int threads) {
    return measure(predictor, batch, threads, USUALLY);
  }

  /**
   * Runs a model of one float32 input and one float32 output on random values in 0..1, first to
   * warm up for a fifth of the time, then timed: at least 50 times and until the time is up. A slow
   * model stops when it has taken four times that, after at least five runs.
   *
   * @param batch how many examples a run takes; a model of a fixed batch takes that
   * @param threads how many threads the predictor was opened with
   * @param time how long to measure
   * @throws InputFault if the model's input has extents beside the batch that are no numbers
   */
  public static Latency measure(Predictor predictor, int batch, int threads, Duration time) {
    if (batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "batch, threads: " + batch + ", " + threads + " (expected: each >= 1)");
    }
    Shape shape = SingleValue.input(predictor).shape();
    int taken = shape.dim(0).isKnown() ? Math.toIntExact(shape.dim(0).size()) : batch;
    FloatBuffer input = direct(taken, shape.dropFirst());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < input.limit(); i++) {
      input.put(i, (float) random.nextDouble());
    }
    FloatBuffer output = direct(taken, predictor.resultShape());
    Runnable run = () -> predictor.run(taken, input, output);
    repeat(run, time.toNanos() / 5, 3);
    long[] nanos = repeat(run, time.toNanos(), MIN_RUNS);
    Arrays.sort(nanos);
    return new Latency(
        taken, threads, percentile(nanos, 50), percentile(nanos, 95), percentile(nanos, 99));
  }

  private static FloatBuffer direct(int batch, Shape example) {
    long bytes = Math.multiplyExact(batch * (long) Float.BYTES, example.elements());
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static long[] repeat(Runnable run, long allowedNanos, int atLeast) {
    long[] nanos = new long[MAX_RUNS];
    long start = System.nanoTime();
    int n = 0;
    while (n < MAX_RUNS) {
      long before = System.nanoTime();
      run.run();
      long after = System.nanoTime();
      nanos[n++] = after - before;
      long elapsed = after - start;
      if ((n >= atLeast && elapsed >= allowedNanos)
          || (n >= MIN_RUNS_OF_SLOW && elapsed >= PATIENCE * allowedNanos)) {
        break;
      }
    }
    return Arrays.copyOf(nanos, n);
  }

  /** The smallest of the sorted times that at least that many of a hundred do not exceed. */
  static double percentile(long[] sortedNanos, int percent) {
    int rank = Math.max(1, (int) Math.ceil(percent / 100.0 * sortedNanos.length));
    return sortedNanos[rank - 1] / 1e6;
  }
}
