package org.distill4j.eval;

import java.util.List;

/** How often each class was taken for each other. */
public final class Confusion {
  private final List<String> classes;
  private final int[][] counts;

  Confusion(List<String> classes, int[][] counts) {
    this.classes = List.copyOf(classes);
    this.counts = counts;
  }

  /** The class names in the order of the labels. */
  public List<String> classes() {
    return classes;
  }

  /** How many examples of class {@code truth} were answered with class {@code answer}. */
  public int count(int truth, int answer) {
    return counts[truth][answer];
  }

  /** How many examples of a class there are. */
  public int examples(int truth) {
    int sum = 0;
    for (int count : counts[truth]) {
      sum += count;
    }
    return sum;
  }

  /** The share of a class's examples that were answered rightly, 0 to 1; NaN if it has none. */
  public double accuracy(int truth) {
    return (double) counts[truth][truth] / examples(truth);
  }
}
