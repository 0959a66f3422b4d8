package org.distill4j.advice;

import java.util.Locale;
import java.util.Optional;

/**
 * The rule {@code cache}: speaks where a teacher is asked the same question again and again.
 *
 * @param asks how often it is asked about each example
 * @param isAugmented whether each time it sees another view of it
 * @param secondsPerPass how long it takes to ask about every example once
 */
public record CacheRule(double asks, boolean isAugmented, double secondsPerPass)
    implements Advice.Entry {
  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.CACHE;
  }

  @Override
  public Optional<Advice> advice() {
    double wasted = (asks - 1) * secondsPerPass;
    return isAugmented || asks <= 1
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.CACHE,
                wasted,
                String.format(
                    Locale.ROOT,
                    "the teacher is asked %.0f times about inputs that stay the same; labels: cached saves about %.0f s",
                    asks,
                    wasted)));
  }
}
