package org.distill4j.views;

/**
 * A random number stream for one step, one example and one view: {@link #restart} finds it again,
 * so nothing is stored and nothing depends on what was drawn before.
 *
 * <p>The generator is SplitMix64; its state is the hash of (seed, view, index, step). Functions of
 * {@link StrictMath} alone: the numbers are the same on every machine.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood, 2014</a>
 */
public final class RandomStream {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  RandomStream() {}

  /** Goes to the start of a stream. */
  void restart(long seed, long view, long index, int step) {
    state = mix(mix(mix(mix(seed) + view) + index) + step);
  }

  private static long mix(long z) {
    z += GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** 64 random bits. */
  long bits() {
    long z = state;
    state += GOLDEN;
    return mix(z);
  }

  /** A number {@code 0 <= u < 1}, a multiple of 2^-53. */
  double uniform() {
    return (bits() >>> 11) * 0x1p-53;
  }

  /** A number {@code low <= u < high}; {@code low} where they are the same. */
  double between(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** A whole number {@code low <= n <= high}. */
  int whole(int low, int high) {
    return low + (int) (((bits() >>> 32) * (high - low + 1L)) >>> 32);
  }

  /** An index {@code 0 <= i < bound}. */
  long index(long bound) {
    return Math.multiplyHigh(bits() >>> 1, bound << 1);
  }

  /** Whether something of a probability happens. */
  boolean happens(double probability) {
    return uniform() < probability;
  }

  /**
   * A number of the symmetric beta distribution, from two of the gamma distribution.
   *
   * @param alpha greater than 0; small values give numbers near 0 and near 1
   */
  double beta(double alpha) {
    double a = gamma(alpha);
    double b = gamma(alpha);
    return a + b > 0 ? a / (a + b) : whole(0, 1); // both too small for a double: one end or other
  }

  /**
   * A number of the gamma distribution with scale 1, by the squeeze method; a shape below 1 by way
   * of the shape above it.
   *
   * @see <a href="https://doi.org/10.1145/358407.358414">Marsaglia and Tsang, 2000</a>
   */
  private double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * StrictMath.exp(StrictMath.log(1 - uniform()) / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = gaussian();
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        if (StrictMath.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return d * v;
        }
      }
    }
  }

  /** A number of the normal distribution (Box and Muller, 1958). */
  private double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
  }
}
