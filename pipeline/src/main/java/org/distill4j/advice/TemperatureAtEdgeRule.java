package org.distill4j.advice;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The rule {@code temperature-at-edge}: speaks where a search found its best temperature at the end
 * of what it tried; the best may lie beyond.
 *
 * @param tried every T of the search
 * @param best the one that did best on validation
 */
public record TemperatureAtEdgeRule(List<Double> tried, double best) implements Advice.Entry {
  /** T = 1 is the least there is. */
  private static final double LEAST = 1;

  /** Takes a copy. */
  public TemperatureAtEdgeRule {
    tried = List.copyOf(tried);
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.TEMPERATURE_AT_EDGE;
  }

  @Override
  public Optional<Advice> advice() {
    if (tried.stream().distinct().count() < 2) {
      return Optional.empty();
    }
    boolean highest = best == Collections.max(tried);
    boolean lowest = best == Collections.min(tried) && best > LEAST;
    return highest || lowest
        ? Optional.of(
            new Advice(
                RuleOfThumb.TEMPERATURE_AT_EDGE,
                best,
                "the best T of the sweep, %s, is its %s; add %s"
                    .formatted(
                        Advice.number(best),
                        highest ? "highest" : "lowest",
                        highest
                            ? Advice.number(1.5 * best) + " and " + Advice.number(2 * best)
                            : Advice.number(Math.max(LEAST, best / 2)))))
        : Optional.empty();
  }
}
