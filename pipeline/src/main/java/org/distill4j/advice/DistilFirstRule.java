package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code distil-first}: speaks where a teacher that contradicts many labels is followed
 * with the same weight to the end, and the student did not gain by it.
 *
 * @param contradicted share of the labels which the student sees that the teacher contradicts
 * @param softShare {@code soft / (hard + soft)} at the end, 0 to 1
 * @param isConstant whether the weights stay as they are all through
 * @param gain the student against the lone student, once known
 */
public record DistilFirstRule(
    double contradicted, double softShare, boolean isConstant, Optional<MeasuredGain> gain)
    implements Advice.Entry {
  private static final double MANY = 0.05;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.DISTIL_FIRST;
  }

  @Override
  public Optional<Advice> advice() {
    boolean pays = gain.map(MeasuredGain::isBetter).orElse(false);
    return !isConstant || softShare < 0.5 || contradicted < MANY || pays
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.DISTIL_FIRST,
                contradicted,
                "the teacher contradicts %s of the labels and has %s of the weight to the end; try distill: {weights: distil-first}"
                    .formatted(Advice.percent(contradicted), Advice.percent(softShare))));
  }
}
