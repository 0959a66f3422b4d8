package org.distill4j.tensor;

/**
 * The largest of many differences, heard one at a time.
 *
 * <p>It decides by a branch. A loop of {@code Math.max} over {@code Math.abs} of differences is
 * turned into vector instructions by the JVM's compiler, and that of Java 17 died of it where a
 * processor has AVX-512 ({@code TypeVect::xmeet} below {@code SubNode::Identity}); a loop with a
 * branch in it is left alone.
 */
public final class Differences {
  private Differences() {}

  /**
   * Takes one more pair.
   *
   * @param most the largest difference so far, 0 at first
   * @return the larger of it and {@code |a - b|}; NaN once either is
   */
  public static double larger(double most, double a, double b) {
    double apart = Math.abs(a - b);
    return apart > most || Double.isNaN(apart) ? apart : most;
  }
}
