package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.distill4j.tensor.Shape;

/**
 * Relative time: how long one model takes beside another, both being run in turn, so that other
 * work on the machine slows both.
 */
public final class RelativeTime {
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 6_000_000;

  private RelativeTime() {}

  /**
   * Times two models at batch 1, or at the batch that is theirs.
   *
   * @return the time of the first in times of the second: the median over rounds in turn
   */
  public static double of(Predictor a, Predictor b) {
    Runnable first = run(a);
    Runnable second = run(b);
    timed(first);
    timed(second);
    double[] ratios = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      ratios[i] = timed(first) / timed(second);
    }
    Arrays.sort(ratios);
    return ratios[ROUNDS / 2];
  }

  /** Nanoseconds of a run. */
  private static double timed(Runnable run) {
    long start = System.nanoTime();
    int runs = 0;
    do {
      run.run();
      runs++;
    } while (System.nanoTime() - start < ROUND_NANOS);
    return (double) (System.nanoTime() - start) / runs;
  }

  private static Runnable run(Predictor predictor) {
    Shape shape = SingleValue.input(predictor).shape();
    int batch = shape.dim(0).isKnown() ? Math.toIntExact(shape.dim(0).size()) : 1;
    FloatBuffer input = direct(batch * shape.dropFirst().elements());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < input.limit(); i++) {
      input.put(i, (float) random.nextDouble());
    }
    FloatBuffer output = direct(batch * predictor.resultShape().elements());
    return () -> predictor.run(batch, input, output);
  }

  private static FloatBuffer direct(long floats) {
    return ByteBuffer.allocateDirect(Math.toIntExact(floats * Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
