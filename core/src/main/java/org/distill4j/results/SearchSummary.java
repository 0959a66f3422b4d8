package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
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
   * @param fault why it is no result at all, such as being at chance; null if nothing is wrong
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
      String file,
      @JsonInclude(JsonInclude.Include.NON_NULL) String fault) {
    /** A sound one. */
    public Trial(
        String name,
        double temperature,
        double hard,
        double soft,
        double accuracy,
        double loss,
        int epoch,
        boolean chosen,
        String file) {
      this(name, temperature, hard, soft, accuracy, loss, epoch, chosen, file, null);
    }
  }

  /** Takes a copy. */
  public SearchSummary {
    trials = List.copyOf(trials);
  }
}
