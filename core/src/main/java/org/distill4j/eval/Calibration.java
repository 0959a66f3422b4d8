package org.distill4j.eval;

import java.util.List;

/**
 * The calibration of a classifier: whether it is right as often as it claims to be.
 *
 * <p>Each example falls into one of {@code M} bins of equal width by the probability of the model's
 * answer, its confidence; bin {@code m} takes {@code ((m - 1) / M, m / M]}.
 *
 * @param bins from the lowest confidence to the highest
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al., 2017</a>
 */
public record Calibration(List<Bin> bins) {
  /**
   * The examples of one range of confidence.
   *
   * @param count how many there are
   * @param confidence their mean confidence; NaN if there are none
   * @param accuracy the share that was answered rightly; NaN if there are none
   */
  public record Bin(int count, double confidence, double accuracy) {}

  /** Takes a copy. */
  public Calibration {
    bins = List.copyOf(bins);
    if (bins.isEmpty()) {
      throw new IllegalArgumentException("bins: 0 (expected: >= 1)");
    }
  }

  /**
   * The expected calibration error, 0 to 1: {@code sum over the bins of count / n · |accuracy -
   * confidence|}. NaN if there are no examples.
   */
  public double error() {
    double sum = 0;
    long n = 0;
    for (Bin bin : bins) {
      if (bin.count() > 0) {
        sum += bin.count() * Math.abs(bin.accuracy() - bin.confidence());
        n += bin.count();
      }
    }
    return sum / n;
  }
}
