package org.distill4j.quantize.ptq;

import org.distill4j.quantize.observe.Grid;

/**
 * The rounding of one output channel's weights, in units of their step: with weights w, offsets
 * {@code f = floor(w)}, and {@code u = f + h(V)},
 *
 * <pre>{@code loss = (u' G u - 2 w' C u) / mean diagonal of G + lambda sum (1 - |2 h - 1|^beta)}
 * </pre>
 *
 * where {@code G = E[x~ x~']}, {@code C = E[x x~']}. Adam's steps on V.
 */
public final class RoundingRow {
  static final int STEPS = 1000;
  private static final double STRETCH = 1.2; // of the sigmoid, so that 0 and 1 are reached
  private static final double SHIFT = -.1;
  private static final double STRENGTH = .1; // of the first term against the second
  private static final double LAMBDA = .01;
  private static final double WARM_UP = .2;
  private static final double FIRST_BETA = 20;
  private static final double LAST_BETA = 2;
  private static final double RATE = .02;
  private static final double DECAY = .9;
  private static final double SQUARE_DECAY = .999;
  private static final double EPSILON = 1e-8;

  private final double[] weights; // in steps
  private final Grid grid;
  private final float[] own; // G, row-major
  private final double[] wanted; // C' w
  private final double scale; // of the first term, so that lambda means the same for every layer
  private final int n;

  /**
   * A row.
   *
   * @param own {@code E[x~ x~']}, n x n
   * @param cross {@code E[x x~']}, n x n, row-major by x
   */
  public RoundingRow(double[] weights, Grid grid, float[] own, float[] cross) {
    this.weights = weights;
    this.grid = grid;
    this.own = own;
    this.n = weights.length;
    this.wanted = new double[n];
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += own[i * n + i];
      for (int j = 0; j < n; j++) {
        wanted[j] += weights[i] * cross[i * n + j];
      }
    }
    this.scale = trace > 0 ? STRENGTH * n / trace : 0; // dead inputs decide nothing
  }

  /** {@code h(V)}. */
  public static double softBit(double v) {
    double sigmoid = 1 / (1 + Math.exp(-v));
    return Math.min(1, Math.max(0, STRETCH * sigmoid + SHIFT));
  }

  /** The V at which {@code h(V)} is a fraction, 0 to 1. */
  public static double start(double fraction) {
    return -Math.log(STRETCH / (fraction - SHIFT) - 1);
  }

  /** The integers. */
  public int[] solve() {
    double[] v = new double[n];
    for (int k = 0; k < n; k++) {
      v[k] = start(weights[k] - Math.floor(weights[k]));
    }
    double[] mean = new double[n];
    double[] square = new double[n];
    float[] u = new float[n];
    double[] gradient = new double[n];
    for (int step = 1; step <= STEPS && scale > 0; step++) {
      for (int k = 0; k < n; k++) {
        u[k] = (float) (Math.floor(weights[k]) + softBit(v[k]));
      }
      loss(u, gradient);
      double beta = beta((double) step / STEPS);
      double rate =
          RATE * Math.sqrt(1 - Math.pow(SQUARE_DECAY, step)) / (1 - Math.pow(DECAY, step));
      for (int k = 0; k < n; k++) {
        double g = gradient(v[k], gradient[k], beta);
        mean[k] = DECAY * mean[k] + (1 - DECAY) * g;
        square[k] = SQUARE_DECAY * square[k] + (1 - SQUARE_DECAY) * g * g;
        v[k] -= rate * mean[k] / (Math.sqrt(square[k]) + EPSILON);
      }
    }
    int[] integers = new int[n];
    for (int k = 0; k < n; k++) {
      int rounded = (int) Math.floor(weights[k]) + (softBit(v[k]) >= .5 ? 1 : 0);
      integers[k] = Math.max(grid.low(), Math.min(grid.high(), rounded));
    }
    return integers;
  }

  /** The exponent at a share of the steps; infinite while the second term is left out. */
  public static double beta(double done) {
    if (done < WARM_UP) {
      return Double.POSITIVE_INFINITY;
    }
    double share = (done - WARM_UP) / (1 - WARM_UP);
    return LAST_BETA + (FIRST_BETA - LAST_BETA) * .5 * (1 + Math.cos(share * Math.PI));
  }

  /** The derivative by V, from that of the first term by u. */
  private static double gradient(double v, double byU, double beta) {
    double sigmoid = 1 / (1 + Math.exp(-v));
    double h = STRETCH * sigmoid + SHIFT;
    if (h <= 0 || h >= 1) {
      return 0;
    }
    double towards = 2 * h - 1;
    double regular =
        Double.isInfinite(beta)
            ? 0
            : -LAMBDA * beta * 2 * Math.signum(towards) * Math.pow(Math.abs(towards), beta - 1);
    return (byU + regular) * STRETCH * sigmoid * (1 - sigmoid);
  }

  /** {@code 2 (G u - C' w) scale}. */
  private void loss(float[] u, double[] gradient) {
    for (int i = 0; i < n; i++) {
      gradient[i] = 2 * (dot(own, i * n, u) - wanted[i]) * scale;
    }
  }

  private static double dot(float[] matrix, int at, float[] vector) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int k = 0;
    for (; k + 3 < vector.length; k += 4) {
      a += matrix[at + k] * vector[k];
      b += matrix[at + k + 1] * vector[k + 1];
      c += matrix[at + k + 2] * vector[k + 2];
      d += matrix[at + k + 3] * vector[k + 3];
    }
    for (; k < vector.length; k++) {
      a += matrix[at + k] * vector[k];
    }
    return (double) a + b + c + d;
  }
}
