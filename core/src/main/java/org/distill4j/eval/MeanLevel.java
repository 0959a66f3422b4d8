package org.distill4j.eval;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.Dataset;

/**
 * What a regression is beside always answering the mean: the least that it must be to know anything
 * of an example.
 *
 * <p>An example's gain is {@code (y - mean)² - (y - answer)²}, summed over its numbers; the mean
 * gain is above 0 where R² is. Of few examples, R² is easily below 0 by chance alone: a model is at
 * chance only where the mean gain is below 0 by more than two standard errors, or where it always
 * answers the same.
 *
 * @param n examples
 * @param differs whether the truths do; if not, nothing can be explained
 * @param isOneAnswer whether all answers are the same
 * @param gain the mean gain
 * @param error its standard error
 */
public record MeanLevel(long n, boolean differs, boolean isOneAnswer, double gain, double error) {
  private static final double CERTAIN = 2;

  /** Fewer tell nothing. */
  private static final int LEAST = 10;

  /**
   * Goes through the truths once more, as their mean is known only at the end.
   *
   * @param squared of each example the squared distances of its answers, summed
   * @param isOneAnswer whether all answers were the same
   */
  public static MeanLevel of(Dataset data, double[] squared, boolean isOneAnswer) {
    int width = data.classes().size();
    FloatBuffer truth = FloatBuffer.allocate(width);
    double[] sums = new double[width];
    float[] first = new float[width];
    boolean differs = false;
    for (int i = 0; i < squared.length; i++) {
      data.targets(i, truth.clear());
      for (int k = 0; k < width; k++) {
        first[k] = i == 0 ? truth.get(k) : first[k];
        differs |= truth.get(k) != first[k];
        sums[k] += truth.get(k);
      }
    }
    double mean = 0;
    double spread = 0;
    for (int i = 0; i < squared.length; i++) {
      data.targets(i, truth.clear());
      double won = -squared[i];
      for (int k = 0; k < width; k++) {
        double distance = truth.get(k) - sums[k] / squared.length;
        won += distance * distance;
      }
      double before = won - mean;
      mean += before / (i + 1);
      spread += before * (won - mean);
    }
    double variance = spread / Math.max(1, squared.length - 1);
    return new MeanLevel(
        squared.length, differs, isOneAnswer, mean, Math.sqrt(variance / squared.length));
  }

  /** Whether it is no better than the mean; never of few examples, or where all truths are one. */
  public boolean isAtChance() {
    boolean isSurelyWorse = !(gain + CERTAIN * error >= 0); // what is not a number is no answer
    return n >= LEAST && differs && !(gain > 0) && (isOneAnswer || isSurelyWorse);
  }

  /**
   * Why it is not fit for anything; empty if it is, or if so few examples cannot tell.
   *
   * @param explained R²
   * @param examples what they are called, such as {@code test examples}
   */
  Optional<String> fault(double explained, String examples) {
    return isAtChance()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "no better than always answering the mean: R² %.4g on %,d %s (expected: > 0)",
                explained,
                n,
                examples))
        : Optional.empty();
  }
}
