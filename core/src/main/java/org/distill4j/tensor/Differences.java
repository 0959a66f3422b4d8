package org.distill4j.tensor;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The largest of many differences, heard one at a time.
 *
 * <p>It decides by a branch. A loop of {@code Math.max} over {@code Math.abs} of differences is
 * turned into vector instructions by the JVM's compiler, and that of Java 17 died of it where a
 * processor has AVX-512 ({@code TypeVect::xmeet} below {@code SubNode::Identity}); a loop with a
 * branch in it is left alone.
 */
public final class Differences {
  private static final double ALIKE = 4;

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

  /**
   * What columns of numbers have at most, where those of a kind are heard together: of each the
   * largest among all whose numbers are at most 4 times as large as its own.
   *
   * @param sizes how large the numbers of each column are, from 0
   * @param each as many, from 0
   */
  public static double[] alike(double[] sizes, double[] each) {
    List<Integer> bySize =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer c) -> sizes[c]))
            .toList();
    double[] largest = new double[sizes.length];
    double most = 0;
    int next = 0;
    for (int c : bySize) {
      while (next < sizes.length && sizes[bySize.get(next)] <= ALIKE * sizes[c]) {
        most = Math.max(most, each[bySize.get(next++)]);
      }
      largest[c] = most;
    }
    return largest;
  }
}
