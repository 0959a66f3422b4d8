package org.distill4j.zoo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Values to start training from: each a function of seed, parameter name and index alone, so the
 * same seed gives the same bytes whatever else a net contains and on whichever JVM.
 *
 * <p>The numbers come from SplitMix64 in counter mode, {@code mix(key + (i + 1) * golden ratio)}.
 * Uniform ones are used throughout: unlike normal ones they need no logarithm, whose last bit may
 * differ between machines.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele et al.: Fast splittable
 *     pseudorandom number generators, 2014</a>
 */
final class InitialWeights {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** As many float32 as fit into 2 GB, the most that one array holds. */
  private static final int MOST_ELEMENTS = (1 << 29) - 1;

  private final long seed;

  InitialWeights(long seed) {
    this.seed = seed;
  }

  /**
   * Uniform between {@code ±sqrt(6 / fanIn)}, which keeps the variance through a ReLU.
   *
   * @see <a href="https://arxiv.org/abs/1502.01852">He et al., 2015</a>
   */
  HostTensor he(String name, long fanIn, long... sizes) {
    return uniform(name, Math.sqrt(6.0 / fanIn), sizes);
  }

  /**
   * Uniform between {@code ±sqrt(6 / (fanIn + fanOut))}, for a layer without a ReLU.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, 2010</a>
   */
  HostTensor glorot(String name, long fanIn, long fanOut, long... sizes) {
    return uniform(name, Math.sqrt(6.0 / (fanIn + fanOut)), sizes);
  }

  static HostTensor constant(float value, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(values, value);
    return HostTensor.ofFloats(shape, values);
  }

  private HostTensor uniform(String name, double limit, long... sizes) {
    Shape shape = Shape.of(sizes);
    double elements = 1;
    for (long size : sizes) {
      elements *= size;
    }
    if (elements > MOST_ELEMENTS) {
      throw new InputFault(
          name + " " + shape + ": too many weights (expected: at most " + MOST_ELEMENTS + ")");
    }
    float[] values = new float[(int) elements];
    long key = mix(mix(seed) ^ hash(name));
    for (int i = 0; i < values.length; i++) {
      long bits = mix(key + (i + 1) * GOLDEN) >>> 11;
      values[i] = (float) ((bits * 0x1p-52 - 1) * limit); // 53 bits: -1 to 1
    }
    return HostTensor.ofFloats(shape, values);
  }

  /** FNV-1a, 64 bits. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
