package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code labels-bring-more}: speaks where the same net on all labels is certainly better
 * than the distilled student on few.
 *
 * @param gain the student on all labels against the distilled one
 * @param missing how many training labels the distilled student did not see
 */
public record LabelsBringMoreRule(MeasuredGain gain, long missing) implements Advice.Entry {
  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.LABELS_BRING_MORE;
  }

  @Override
  public Optional<Advice> advice() {
    return missing == 0 || !gain.isBetter()
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.LABELS_BRING_MORE,
                gain.delta(),
                "the %s labels that the student did not see would have brought %s more than the teacher did; label more, or take a better teacher"
                    .formatted(missing, gain.size())));
  }
}
