package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code worse-than-alone}: speaks where the distilled student is not certainly better
 * than the same net trained alone. As a rule that a run must keep it says: beats the lone student.
 *
 * @param gain the student against the lone student
 * @param trustsLabels whether more weight for the labels could help, as nothing speaks against them
 */
public record WorseThanAloneRule(MeasuredGain gain, boolean trustsLabels) implements Advice.Entry {
  /** Where nothing speaks against the labels. */
  public WorseThanAloneRule(MeasuredGain gain) {
    this(gain, true);
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.WORSE_THAN_ALONE;
  }

  @Override
  public Optional<Advice> advice() {
    if (gain.isBetter()) {
      return Optional.empty();
    }
    String says =
        gain.isWorse()
            ? "distilling cost %s against the same net trained alone: a bad match; try %sanother T, or a teacher nearer in size"
                .formatted(gain.size(), trustsLabels ? "more hard weight, " : "")
            : "no certain gain over the same net trained alone (%s%s on %s examples); more test examples or seeds would tell"
                .formatted(gain.delta() < 0 ? "-" : "+", gain.size(), gain.n());
    return Optional.of(new Advice(RuleOfThumb.WORSE_THAN_ALONE, gain.delta(), says));
  }
}
