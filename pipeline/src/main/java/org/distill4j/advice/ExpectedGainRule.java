package org.distill4j.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The rule {@code expected-gain}: speaks where a smaller student is not as fast or not as good as
 * its size promises. The measure is DistilBERT: 40 % fewer parameters, 60 % faster, 97 % of the
 * quality kept.
 *
 * @param parameters the student's over the teacher's
 * @param macs the student's multiply-adds over the teacher's
 * @param speedUp the teacher's median latency over the student's; NaN if not measured
 * @param kept the student's measure over the teacher's
 * @param measure what that is, such as {@code accuracy}
 * @see <a href="https://arxiv.org/abs/1910.01108">Sanh et al., 2019</a>
 */
public record ExpectedGainRule(
    double parameters, double macs, double speedUp, double kept, String measure)
    implements Advice.Entry {
  /** By accuracy. */
  public ExpectedGainRule(double parameters, double macs, double speedUp, double kept) {
    this(parameters, macs, speedUp, kept, "accuracy");
  }

  private static final double SMALLER = 0.6;
  private static final double FASTER = 1.6;
  private static final double GOOD = 0.97;

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.EXPECTED_GAIN;
  }

  @Override
  public Optional<Advice> advice() {
    Map<String, Double> measured = new LinkedHashMap<>();
    List<String> says = new ArrayList<>();
    if (parameters <= SMALLER && speedUp < FASTER) {
      measured.put("speed_up", speedUp);
      says.add(
          String.format(
              Locale.ROOT,
              "it is %.1f times as fast as its teacher (expected: %.1f), with 1/%.1f of the multiply-adds: %s",
              speedUp,
              FASTER,
              1 / macs,
              macs > 1 / FASTER
                  ? "it saved parameters, not work"
                  : "a call's fixed cost outweighs the work; use larger batches"));
    }
    if (kept < GOOD) {
      measured.put("kept", kept);
      says.add(
          "it keeps %s of its teacher's %s (expected: 97 %%): train it longer, search T, or widen it"
              .formatted(Advice.percent(kept), measure));
    }
    return says.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.EXPECTED_GAIN, measured, "the student: " + String.join("; ", says)));
  }
}
