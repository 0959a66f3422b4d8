package org.distill4j.advice;

import java.util.Optional;

/**
 * The rule {@code label-quality}: proposes another weight of the labels where it does not suit
 * their quality.
 *
 * <p>Held-out examples that a teacher answers otherwise than their label, and surely, are the
 * estimate of label noise; it also counts the teacher's own sure mistakes, so it is an upper bound.
 *
 * @param hardShare {@code hard / (hard + soft)}, 0 to 1, at its highest where it is scheduled
 * @param surelyOtherwise share of the validation examples that the teacher answers otherwise than
 *     their label with a probability of 0.87 or more
 * @param imbalance how many times the commonest class outnumbers the rarest, at least 1
 * @param labelled share of the training examples whose labels the student sees, 0 to 1
 * @param gain the student against the lone student, once known
 */
public record LabelQualityRule(
    double hardShare,
    double surelyOtherwise,
    double imbalance,
    double labelled,
    Optional<MeasuredGain> gain)
    implements Advice.Entry {
  private static final double NOISY = 0.05;
  private static final double IMBALANCED = 10;
  private static final double MOST_WHEN_NOISY = 0.5;
  private static final double LEAST_WHEN_CLEAN = 0.6;
  private static final double MOST_WHEN_CLEAN = 0.8;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.LABEL_QUALITY;
  }

  /** Whether labels are noisy or classes uneven, so that the teacher is to be trusted more. */
  public boolean isDoubtful() {
    return surelyOtherwise >= NOISY || imbalance >= IMBALANCED;
  }

  @Override
  public Optional<Advice> advice() {
    if (isDoubtful()) {
      return hardShare < MOST_WHEN_NOISY ? Optional.empty() : Optional.of(trustLess());
    }
    boolean suits = hardShare >= LEAST_WHEN_CLEAN && hardShare <= MOST_WHEN_CLEAN;
    boolean scarce = labelled < 1; // few labels, weighed much, are learnt by heart
    boolean pays = gain.map(MeasuredGain::isBetter).orElse(false);
    return suits || scarce || pays ? Optional.empty() : Optional.of(weighMore());
  }

  private Advice trustLess() {
    return new Advice(
        RuleOfThumb.LABEL_QUALITY,
        surelyOtherwise >= NOISY ? surelyOtherwise : imbalance,
        "labels have %s of the weight, though %s; try hard: 0.3, soft: 0.7"
            .formatted(
                Advice.percent(hardShare),
                surelyOtherwise >= NOISY
                    ? "the teacher surely contradicts "
                        + Advice.percent(surelyOtherwise)
                        + " of them"
                    : "the commonest class is "
                        + Advice.number(imbalance)
                        + " times as frequent as the rarest"));
  }

  private Advice weighMore() {
    return new Advice(
        RuleOfThumb.LABEL_QUALITY,
        surelyOtherwise,
        "the labels look clean (the teacher surely contradicts %s of them) and have %s of the weight; try hard: 0.7, soft: 0.3"
            .formatted(Advice.percent(surelyOtherwise), Advice.percent(hardShare)));
  }
}
