package org.distill4j.recipe;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.Schedule;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code search} of a recipe: temperatures and soft weights that are tried, each with
 * each, on validation. The test set has no part in it.
 *
 * @param temperature values of T, each at least 1; empty: the recipe's
 * @param soft values of the soft weight, 0 to 1, the hard weight being the rest; empty: the
 *     recipe's
 */
@Describe("values to try, each with each, on validation; the best one is taken")
public record SearchSettings(
    @Default("[]") @Describe("values of T, each >= 1; empty: the recipe's")
        List<Double> temperature,
    @Default("[]") @Describe("soft weights, 0 < soft <= 1, hard is the rest; empty: the recipe's")
        List<Double> soft) {

  /**
   * One of the things tried.
   *
   * @param name what its stage is called
   * @param distill what its student minimises
   */
  public record Trial(String name, DistillSettings distill) {}

  /** Takes copies and checks the bounds. */
  public SearchSettings {
    temperature = List.copyOf(temperature);
    soft = List.copyOf(soft);
    require(
        temperature.stream().allMatch(t -> t >= 1 && t < Double.POSITIVE_INFINITY),
        "temperature: " + temperature + " (expected: each >= 1)");
    require(
        soft.stream().allMatch(s -> s > 0 && s <= 1),
        "soft: " + soft + " (expected: each 0 < soft <= 1)");
    require(
        temperature.stream().distinct().count() == temperature.size(),
        "temperature: " + temperature + " (expected: each once)");
    require(
        soft.stream().distinct().count() == soft.size(),
        "soft: " + soft + " (expected: each once)");
    require(
        Math.max(1, temperature.size()) * Math.max(1, soft.size()) > 1,
        "temperature, soft: %s, %s (expected: at least two things to try)"
            .formatted(temperature, soft));
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }

  /**
   * Everything that is tried, in order.
   *
   * @param given what is not searched
   */
  public List<Trial> trials(DistillSettings given) {
    List<Trial> trials = new ArrayList<>();
    List<Schedule> hots = constants(temperature, given.temperature());
    for (Schedule weight : constants(soft, given.soft())) {
      Schedule hard = soft.isEmpty() ? given.hard() : rest(weight);
      for (Schedule hot : hots) {
        String name =
            "trial"
                + (temperature.isEmpty() ? "" : "-t" + hot.says())
                + (soft.isEmpty() ? "" : "-soft" + weight.says());
        trials.add(new Trial(name, new DistillSettings(hard, weight, hot, given.labels())));
      }
    }
    return trials;
  }

  private static List<Schedule> constants(List<Double> values, Schedule otherwise) {
    return values.isEmpty()
        ? List.of(otherwise)
        : values.stream().map(v -> (Schedule) new Constant(v)).toList();
  }

  private static Schedule rest(Schedule soft) {
    BigDecimal share = BigDecimal.valueOf(soft.at(0));
    return new Constant(BigDecimal.ONE.subtract(share).doubleValue());
  }
}
