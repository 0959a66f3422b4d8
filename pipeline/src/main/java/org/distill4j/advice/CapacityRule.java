package org.distill4j.advice;

import java.util.Locale;
import java.util.Optional;

/**
 * The rule {@code capacity}: warns of a student that is small beside its teacher, unless it gained
 * certainly all the same.
 *
 * @param teacher its parameters, at least 1
 * @param student its parameters, at least 1
 * @param gain the student against the lone student, once known
 */
public record CapacityRule(long teacher, long student, Optional<MeasuredGain> gain)
    implements Advice.Entry {
  private static final double SMALL = 1.0 / 5;
  private static final double EXTREME = 1.0 / 20;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.CAPACITY;
  }

  @Override
  public Optional<Advice> advice() {
    double ratio = (double) student / teacher;
    boolean pays = gain.map(MeasuredGain::isBetter).orElse(false);
    return ratio >= SMALL || pays
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.CAPACITY,
                ratio,
                String.format(
                    Locale.ROOT,
                    "the student has 1/%.0f of the teacher's parameters and may gain less; %s",
                    1 / ratio,
                    ratio < EXTREME
                        ? "go in steps with a net of middle size, or take a wider student"
                        : "a wider student, or a teacher nearer in size, learns more")));
  }
}
