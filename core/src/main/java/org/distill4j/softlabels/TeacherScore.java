package org.distill4j.softlabels;

import java.nio.FloatBuffer;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.eval.ChanceAccumulator;
import org.distill4j.eval.ChanceLevel;

/** How good a teacher's answers are where an example has one class out of several. */
final class TeacherScore {
  /** How far from 1 the probabilities of a runtime may sum up. */
  private static final double SUM_TOLERANCE = 1e-3;

  private final Dataset data;
  private final int classes;
  private final ChanceAccumulator chance;
  private final int[][] counts; // of each class by each output; none where there are too many
  private boolean onlyProbabilities;

  TeacherScore(Dataset data) {
    this.data = data;
    this.classes = data.classes().size();
    this.chance = new ChanceAccumulator(classes);
    int counted = classes <= ClassOrder.MOST_CLASSES ? classes : 0;
    this.counts = new int[counted][counted];
    this.onlyProbabilities = data.size() > 0;
  }

  /** Takes the answers to so many examples from the first on. */
  void mark(long first, int count, FloatBuffer answers) {
    for (int i = 0; i < count; i++) {
      int row = i * classes;
      int truth = data.label(first + i);
      int answer = largest(answers, row, classes);
      double loss = loss(answers, row, classes, truth, answer);
      if (classes == 2) {
        chance.add(truth, answer, loss, answers.get(row + 1) - answers.get(row));
      } else {
        chance.add(truth, answer, loss);
      }
      if (answer >= 0 && counts.length > 0) {
        counts[truth][answer]++;
      }
      onlyProbabilities &= areProbabilities(answers, row, classes);
    }
  }

  /** What it is beside chance. */
  ChanceLevel level() {
    return chance.level();
  }

  /** The order in which its outputs would fit the classes clearly better. */
  Optional<ClassOrder> order() {
    return ClassOrder.of(counts);
  }

  /** Whether all answers are at least 0 and sum to 1. */
  boolean onlyProbabilities() {
    return onlyProbabilities;
  }

  /** Cross-entropy to the truth in nats; infinite where there is no answer. */
  private static double loss(FloatBuffer logits, int from, int classes, int truth, int answer) {
    if (answer < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double highest = logits.get(from + answer);
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits.get(from + c) - highest);
    }
    return Math.log(sum) + highest - logits.get(from + truth);
  }

  private static boolean areProbabilities(FloatBuffer answers, int from, int classes) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      float value = answers.get(from + c);
      if (!(value >= 0)) {
        return false;
      }
      sum += value;
    }
    return Math.abs(sum - 1) < SUM_TOLERANCE;
  }

  /** The first of the largest; NaN is never the largest. */
  private static int largest(FloatBuffer logits, int from, int classes) {
    int best = -1;
    for (int c = 0; c < classes; c++) {
      if (best < 0
          ? !Float.isNaN(logits.get(from + c))
          : logits.get(from + c) > logits.get(from + best)) {
        best = c;
      }
    }
    return best;
  }
}
