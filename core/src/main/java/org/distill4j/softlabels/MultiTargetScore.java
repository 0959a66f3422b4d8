package org.distill4j.softlabels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.eval.ChanceAccumulator;
import org.distill4j.eval.ChanceLevel;
import org.distill4j.eval.MeanLevel;
import org.distill4j.graph.TaskType;

/** How good a teacher's answers are where an example has several labels, or numbers. */
final class MultiTargetScore {
  /** Beyond these the assignment would take longer than the answers, and fewer examples tell. */
  private static final int MOST_LABELS = 500;

  private static final int MOST_EXAMPLES = 20_000;

  private final Dataset data;
  private final int width;
  private final FloatBuffer truth;
  private final double[] means; // of the truth so far
  private final double[] spread;
  private double missed; // wrong labels, or squared distances
  private final List<ChanceAccumulator> chances;
  private final double[] squares; // of each example, summed
  private final double[] firstSaid;
  private final BitSet[] has; // of each label, the examples that have it; none of many labels
  private final BitSet[] saidTo; // of each output, the examples that it gives its label
  private boolean isOneAnswer = true;
  private long asked;

  MultiTargetScore(Dataset data) {
    this.data = data;
    this.width = data.classes().size();
    this.truth = FloatBuffer.allocate(width);
    this.means = new double[width];
    this.spread = new double[width];
    this.chances = ChanceAccumulator.ofLabels(width);
    this.squares = new double[isRegression() ? Math.toIntExact(data.size()) : 0];
    this.firstSaid = new double[width];
    int ordered = isRegression() || width > MOST_LABELS ? 0 : width;
    this.has = bits(ordered);
    this.saidTo = bits(ordered);
  }

  private static BitSet[] bits(int count) {
    BitSet[] bits = new BitSet[count];
    Arrays.setAll(bits, k -> new BitSet());
    return bits;
  }

  void mark(long first, int count, FloatBuffer answers) {
    for (int i = 0; i < count; i++) {
      data.targets(first + i, truth.clear());
      asked++;
      for (int k = 0; k < width; k++) {
        double meant = truth.get(k);
        double said = answers.get(i * width + k);
        double before = meant - means[k];
        means[k] += before / asked;
        spread[k] += before * (meant - means[k]);
        if (isRegression()) {
          double square = (said - meant) * (said - meant);
          missed += square;
          squares[(int) (first + i)] += square;
          firstSaid[k] = asked == 1 ? said : firstSaid[k];
          isOneAnswer &= said == firstSaid[k];
        } else {
          chances.get(k).add(meant > 0.5, said);
          missed += said > 0 == meant > 0.5 ? 0 : 1;
          if (k < has.length && asked <= MOST_EXAMPLES) {
            has[k].set((int) asked - 1, meant > 0.5);
            saidTo[k].set((int) asked - 1, said > 0);
          }
        }
      }
    }
  }

  /** The order in which its outputs would fit the labels clearly better. */
  Optional<ClassOrder> order() {
    return ClassOrder.ofLabels(has, saidTo, (int) Math.min(asked, MOST_EXAMPLES));
  }

  long asked() {
    return isRegression() ? asked : asked * width;
  }

  /** The share of labels that are right, or of the variance that is explained. */
  double share() {
    return 1 - missed / (isRegression() ? sum(spread) : asked());
  }

  /** The share that the commonest answer to each label gets right. */
  double chance() {
    if (isRegression()) {
      return 0;
    }
    double right = 0;
    for (double mean : means) {
      right += Math.max(mean, 1 - mean);
    }
    return right / width;
  }

  private boolean isRegression() {
    return data.task() == TaskType.REGRESSION;
  }

  /** What it is beside always answering the mean; null for labels. */
  MeanLevel mean() {
    return isRegression() ? MeanLevel.of(data, squares, isOneAnswer) : null;
  }

  /** What it is beside chance; null for a regression. */
  ChanceLevel level() {
    return isRegression() ? null : ChanceAccumulator.level(chances);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
