package org.distill4j.results;

import java.util.List;

/**
 * The trials of a search, measured on validation.
 *
 * @param metric by which the best was chosen
 * @param trials in the order tried
 */
public record SearchSummary(String metric, List<Trial> trials) {
  /**
   * One thing that was tried.
   *
   * @param accuracy on validation, 0 to 1
   * @param loss on validation
   * @param epoch whose weights were kept
   * @param chosen whether it is the best
   * @param file the model's path from the run's folder
   */
  public record Trial(
      String name,
      double temperature,
      double hard,
      double soft,
      double accuracy,
      double loss,
      int epoch,
      boolean chosen,
      String file) {}

  /** Takes a copy. */
  public SearchSummary {
    trials = List.copyOf(trials);
  }
}
