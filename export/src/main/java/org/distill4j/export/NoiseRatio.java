package org.distill4j.export;

/** How much of a signal's spread an imitation misses. */
final class NoiseRatio {
  private long n;
  private double sum;
  private double squares;
  private double missed;

  /** Hears one number and what the imitation says instead. */
  void add(double number, double imitation) {
    if (!Double.isFinite(number)) {
      return;
    }
    n++;
    sum += number;
    squares += number * number;
    missed += (number - imitation) * (number - imitation);
  }

  /**
   * {@code sqrt(mean (x - y)^2 / variance of x)}; 0 where nothing is missed. Of numbers that are
   * all the same the spread is taken to be their size.
   */
  double share() {
    if (missed == 0 || n == 0) {
      return 0;
    }
    double spread = squares - sum * sum / n;
    return Math.sqrt(missed / (spread > 1e-12 * squares ? spread : squares));
  }
}
