package org.distill4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The predictions of a model for each example of a split, beside the truth: 8 bytes an example, 12
 * of two classes, so that models can be compared example by example.
 *
 * <p>Where an example may have several labels, its truth is 1 and its answer 1 if all of them are
 * right and no other was given, else 0. Where numbers are asked for there are distances alone.
 */
public final class Predictions {
  private final int[] truths;
  private final int[] answers;
  private final float[] distances;
  private final float[] odds;

  Predictions(int[] truths, int[] answers) {
    this(truths, answers, null);
  }

  /**
   * Of two classes.
   *
   * @param odds the logarithm of the second class's odds; null where they were not kept
   */
  Predictions(int[] truths, int[] answers, float[] odds) {
    this.truths = truths;
    this.answers = answers;
    this.distances = null;
    this.odds = odds;
  }

  Predictions(float[] distances) {
    this.truths = null;
    this.answers = null;
    this.distances = distances;
    this.odds = null;
  }

  /** How many examples there are. */
  public int size() {
    return distances != null ? distances.length : truths.length;
  }

  /** The class of an example according to the data. */
  public int truth(int index) {
    return truths[index];
  }

  /** The class with the highest score; the lowest such class if several share it. */
  public int answer(int index) {
    return answers[index];
  }

  /** Whether the odds of the second of two classes are known, of examples of both. */
  boolean isRanked() {
    return odds != null
        && Arrays.stream(truths).anyMatch(t -> t == 1)
        && Arrays.stream(truths).anyMatch(t -> t == 0);
  }

  /** The logarithm of the odds of the second of two classes. */
  float odds(int index) {
    return odds[index];
  }

  /**
   * The class of two that is looked for, the positive one: the second, unless that is the common
   * one, {@value Metric#UNEVEN} times as frequent as the first. Any model finds most of a class as
   * common as that.
   */
  public int positive() {
    long seconds = Arrays.stream(truths).filter(t -> t == 1).count();
    return seconds >= Metric.UNEVEN * (size() - seconds) ? 0 : 1;
  }

  /** The area under precision and recall of the positive class; its odds must be known. */
  double averagePrecision() {
    int positive = positive();
    Ranking ranking = new Ranking(size());
    for (int i = 0; i < size(); i++) {
      ranking.add(oddsOf(positive, i), truths[i] == positive);
    }
    return ranking.averagePrecision();
  }

  private float oddsOf(int oneOfTwo, int index) {
    return oneOfTwo == 1 ? odds[index] : -odds[index];
  }

  /**
   * What becomes of two classes where an example is called positive from some probability on:
   * {@code {probability, recall, false alarms as a share of the others, precision}}, from the
   * highest probability down.
   *
   * @param most so many points, evenly picked
   * @return none but of two classes that both occur
   */
  public List<double[]> cuts(int most) {
    List<double[]> all = new ArrayList<>();
    if (!isRanked()) {
      return all;
    }
    int positive = positive();
    Integer[] order = new Integer[size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -oddsOf(positive, i)));
    double positives = Arrays.stream(truths).filter(t -> t == positive).count();
    int found = 0;
    for (int k = 0; k < order.length; k++) {
      float odds = oddsOf(positive, order[k]);
      found += truths[order[k]] == positive ? 1 : 0;
      if (k + 1 == order.length || oddsOf(positive, order[k + 1]) < odds) {
        double probability = 1 / (1 + Math.exp(-odds));
        double alarms = (k + 1 - found) / (size() - positives);
        all.add(new double[] {probability, found / positives, alarms, found / (k + 1.0)});
      }
    }
    if (all.size() <= most) {
      return all;
    }
    List<double[]> picked = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      picked.add(all.get((int) Math.round(i * (all.size() - 1.0) / (most - 1))));
    }
    return picked;
  }

  /** Whether the answer is the truth; never where numbers are asked for. */
  public boolean isRight(int index) {
    return distances == null && truths[index] == answers[index];
  }

  /**
   * How far an answer is from the truth: 0 or 1 for classes, for numbers the mean absolute error of
   * the example's numbers.
   */
  public double distance(int index) {
    return distances != null ? distances[index] : isRight(index) ? 0 : 1;
  }
}
