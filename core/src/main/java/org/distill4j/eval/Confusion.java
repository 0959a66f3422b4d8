package org.distill4j.eval;

import java.util.List;

/** The confusion matrix: how often each class was taken for each other. */
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

  /**
   * {@code 2 TP / (2 TP + FP + FN)}, 0 to 1: of the second of two classes, else the mean over those
   * that are there or were answered.
   */
  public double f1() {
    double[] each = new double[counts.length];
    for (int k = 0; k < each.length; k++) {
      int answered = 0;
      for (int[] row : counts) {
        answered += row[k];
      }
      int right = counts[k][k];
      each[k] = MultiLabelMetrics.f1(right, answered - right, examples(k) - right);
    }
    return each.length == 2 ? each[1] : Means.of(each);
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
