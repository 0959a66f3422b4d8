package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code temperature-start}: speaks where one temperature was taken that is neither the
 * usual start nor the outcome of a search. Beginners' values are often 1, which hides what the
 * teacher knows of the other classes, or 20, which suits wide students only.
 *
 * @param temperature T, constant over the run
 * @param isSearched whether a search or a schedule chooses T
 */
public record TemperatureStartRule(double temperature, boolean isSearched) implements Advice.Entry {
  private static final double START = 5;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.TEMPERATURE_START;
  }

  @Override
  public Optional<Advice> advice() {
    return isSearched || temperature == START
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.TEMPERATURE_START,
                temperature,
                "T = %s was given, not found; try search: {temperature: [2, 3, 5, 8, 10]}, which asks validation only"
                    .formatted(Advice.number(temperature))));
  }
}
