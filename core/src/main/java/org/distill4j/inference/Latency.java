package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
  private static final Duration USUALLY =
      Duration.ofMillis(Math.max(1, Long.getLong("distill4j.latency", 1500)));
  private static final int MIN_RUNS = 50; // the least from which a 95th percentile says something
  private static final int MAX_RUNS = 20_000;
  private static final int PATIENCE = 4; // a slow model may take this many times the time allowed
  private static final int MIN_RUNS_OF_SLOW = 5;
  private static final int WARM_RUNS = 3;
  private static final int TURNS = 15; // each a tenth of a second where the time is the usual

  /**
   * {@link #measure(Predictor, int, int, Duration)} for about 1.5 seconds, or for as many
   * milliseconds as the system property {@code distill4j.latency} says.
   */
  public static Latency measure(Predictor predictor, int batch, int threads) {
    return measure(predictor, batch, threads, USUALLY);
  }

  /** {@link #inTurn} of one model. */
  public static Latency measure(Predictor predictor, int batch, int threads, Duration time) {
    return inTurn(List.of(predictor), batch, threads, time).get(0);
  }

  /** {@link #inTurn(List, int, int, Duration)} for as long each as {@link #measure} takes. */
  public static List<Latency> inTurn(List<Predictor> predictors, int batch, int threads) {
    return inTurn(predictors, batch, threads, USUALLY);
  }

  /**
   * Runs models of one float32 input and one float32 output on random values in 0..1: each to warm
   * up for a fifth of the time, then timed in many short turns, one model after the other, so that
   * a machine that grows slower or faster meanwhile does so for all of them. Each runs at least 50
   * times and until its time is up. A slow model stops when it has taken four times that, after at
   * least five runs.
   *
   * @param batch how many examples a run takes; a model of a fixed batch takes that
   * @param threads how many threads the predictors were opened with
   * @param time how long to measure each
   * @return one for each, in their order
   * @throws InputFault if a model's input has extents beside the batch that are no numbers
   */
  static List<Latency> inTurn(List<Predictor> predictors, int batch, int threads, Duration time) {
    if (batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "batch, threads: " + batch + ", " + threads + " (expected: each >= 1)");
    }
    List<Series> all = predictors.stream().map(p -> Series.of(p, batch)).toList();
    all.forEach(one -> one.warm(time.toNanos() / 5));
    while (!all.stream().allMatch(one -> one.isDone(time.toNanos()))) {
      for (Series one : all) {
        if (!one.isDone(time.toNanos())) {
          one.turn(time.toNanos() / TURNS);
        }
      }
    }
    return all.stream().map(one -> one.latency(threads)).toList();
  }

  /** The times of one model's runs. */
  private static final class Series {
    private final int batch;
    private final Runnable run;
    private final long[] nanos = new long[MAX_RUNS];
    private int n;
    private long spent;

    private Series(int batch, Runnable run) {
      this.batch = batch;
      this.run = run;
    }

    static Series of(Predictor predictor, int batch) {
      Shape shape = SingleValue.input(predictor).shape();
      int taken = shape.dim(0).isKnown() ? Math.toIntExact(shape.dim(0).size()) : batch;
      FloatBuffer input = direct(taken, shape.dropFirst());
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < input.limit(); i++) {
        input.put(i, (float) random.nextDouble());
      }
      FloatBuffer output = direct(taken, predictor.resultShape());
      return new Series(taken, () -> predictor.run(taken, input, output));
    }

    void warm(long allowed) {
      long start = System.nanoTime();
      int runs = 0;
      while (runs < MAX_RUNS && (runs < WARM_RUNS || System.nanoTime() - start < allowed)) {
        run.run();
        runs++;
      }
    }

    boolean isDone(long allowed) {
      return n == MAX_RUNS
          || (n >= MIN_RUNS && spent >= allowed)
          || (n >= MIN_RUNS_OF_SLOW && spent >= PATIENCE * allowed);
    }

    /** A first run finds what the model before left in the caches; short ones are not timed. */
    void turn(long allowed) {
      if (n == 0 || spent / n < allowed) {
        run.run();
      }
      long start = System.nanoTime();
      long elapsed = 0;
      do {
        long before = System.nanoTime();
        run.run();
        long after = System.nanoTime();
        nanos[n++] = after - before;
        elapsed = after - start;
      } while (n < MAX_RUNS && elapsed < allowed);
      spent += elapsed;
    }

    Latency latency(int threads) {
      long[] sorted = Arrays.copyOf(nanos, n);
      Arrays.sort(sorted);
      return new Latency(
          batch, threads, percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }
  }

  private static FloatBuffer direct(int batch, Shape example) {
    long bytes = Math.multiplyExact(batch * (long) Float.BYTES, example.elements());
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** The smallest of the sorted times that at least that many of a hundred do not exceed. */
  static double percentile(long[] sortedNanos, int percent) {
    int rank = Math.max(1, (int) Math.ceil(percent / 100.0 * sortedNanos.length));
    return sortedNanos[rank - 1] / 1e6;
  }
}
