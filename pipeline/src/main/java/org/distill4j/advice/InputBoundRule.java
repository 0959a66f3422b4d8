package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code input-bound}: speaks where a training waited for its data.
 *
 * @param model what was trained
 * @param waited seconds that steps waited for a batch
 * @param seconds how long the steps took in all, waiting included
 * @param slowest the stage that took longest to prepare the batches, such as {@code reading}
 */
public record InputBoundRule(String model, double waited, double seconds, Optional<String> slowest)
    implements Advice.Entry {
  /** Whose stages nobody timed. */
  public InputBoundRule(String model, double waited, double seconds) {
    this(model, waited, seconds, Optional.empty());
  }

  private static final double MUCH = 0.1;

  /** Shorter waits are not worth a word, and a busy machine brings them about. */
  private static final double SECONDS = 2;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.INPUT_BOUND;
  }

  @Override
  public Optional<Advice> advice() {
    double share = waited / seconds;
    return !(share > MUCH) || waited < SECONDS
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.INPUT_BOUND,
                share,
                "%s waited for data %s of the time (%s s of %s s)%s; keep the data decoded in memory, or prepare them beforehand"
                    .formatted(
                        model,
                        Advice.percent(share),
                        Advice.number(waited),
                        Advice.number(seconds),
                        slowest.map(s -> ", most of it for " + s).orElse(""))));
  }
}
