package org.distill4j.eval;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What was said of one label, example by example: labels of one example err together, so that the
 * error of a mean over labels is taken over the examples.
 */
final class LabelHistory {
  private static final int CLASSES = 2;

  private final BitSet truths = new BitSet();
  private final BitSet answers = new BitSet();
  private float[] losses = new float[16];
  private int n;

  void add(boolean has, boolean said, double loss) {
    if (n == losses.length) {
      losses = Arrays.copyOf(losses, 2 * n);
    }
    truths.set(n, has);
    answers.set(n, said);
    losses[n++] = (float) loss;
  }

  private int classOf(int example) {
    return truths.get(example) ? 1 : 0;
  }

  /**
   * Standard error of the mean balanced accuracy by chance: what it has if the answers to whole
   * examples are dealt out anew. That is the sum over all pairs of labels of the product of how
   * their truths and how their answers go together.
   *
   * @param labels each with examples of both classes
   */
  static double balancedError(List<LabelHistory> labels) {
    long[][] truths = labels.stream().map(l -> l.truths.toLongArray()).toArray(long[][]::new);
    long[][] answers = labels.stream().map(l -> l.answers.toLongArray()).toArray(long[][]::new);
    double n = labels.get(0).n;
    double sum = 0;
    for (int j = 0; j < truths.length; j++) {
      for (int k = 0; k <= j; k++) {
        double both =
            together(truths[j], truths[k], n)
                * scale(truths[j], n)
                * scale(truths[k], n)
                * together(answers[j], answers[k], n);
        sum += j == k ? both : 2 * both;
      }
    }
    return Math.sqrt(Math.max(0, sum) / n) / truths.length;
  }

  /** How many have both, beyond what is expected of two that have nothing to do with each other. */
  private static double together(long[] one, long[] other, double n) {
    long both = 0;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      both += Long.bitCount(one[i] & other[i]);
    }
    return both - (double) count(one) * (double) count(other) / n;
  }

  /** Half of one by the examples that have it and one by the others. */
  private static double scale(long[] has, double n) {
    double count = count(has);
    return (1 / count + 1 / (n - count)) / CLASSES;
  }

  private static long count(long[] bits) {
    return Arrays.stream(bits).map(Long::bitCount).sum();
  }

  /** Standard error of the mean gain. */
  static double gainError(List<LabelHistory> labels) {
    return error(labels, false);
  }

  /** The same with the classes of each label counting alike. */
  static double evenGainError(List<LabelHistory> labels) {
    return error(labels, true);
  }

  private static double error(List<LabelHistory> labels, boolean even) {
    double[] sums = new double[labels.get(0).n];
    for (LabelHistory label : labels) {
      label.addDistances(sums, even);
    }
    return Math.sqrt(Arrays.stream(sums).map(s -> s * s).sum()) / labels.size();
  }

  /** Adds by how much each example moves the gain from what it is. */
  private void addDistances(double[] sums, boolean even) {
    double[] counts = {n - truths.cardinality(), truths.cardinality()};
    double[] means = new double[CLASSES];
    for (int i = 0; i < n; i++) {
      means[classOf(i)] += losses[i] / counts[classOf(i)];
    }
    double gain = 0;
    for (int c = 0; c < CLASSES; c++) {
      gain += counts[c] / n * (-Math.log(counts[c] / n) - means[c]);
    }
    for (int i = 0; i < n; i++) {
      int c = classOf(i);
      sums[i] +=
          even
              ? (means[c] - losses[i]) / counts[c] / CLASSES
              : (-Math.log(counts[c] / n) - losses[i] - gain) / n;
    }
  }
}
