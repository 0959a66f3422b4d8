package org.distill4j.results;

import java.util.Locale;
import org.distill4j.eval.Evaluation;

/** A comparison of two models in one sentence. */
final class ComparisonText {
  private ComparisonText() {}

  static String of(Results.Comparison found) {
    return found.metric().equals(Evaluation.MAE) ? ofErrors(found) : ofShares(found);
  }

  private static String ofShares(Results.Comparison found) {
    String numbers =
        String.format(
                Locale.ROOT,
                "95 %% CI %s to %s, McNemar %s, n = %,d",
                Formats.points(found.ci95().get(0)),
                Formats.points(found.ci95().get(1)),
                Formats.p(found.mcnemarP()),
                found.n())
            + (found.seeds() == null ? "" : " under each of " + found.seeds() + " seeds");
    String points = String.format(Locale.ROOT, "%.2f", Math.abs(100 * found.delta()));
    return found.isCertain()
        ? "%s is %s points %s %s (%s)"
            .formatted(
                found.candidate(),
                points,
                found.delta() > 0 ? "ahead of" : "behind",
                found.baseline(),
                numbers)
        : "%s and %s: no certain difference, %s points (%s)"
            .formatted(found.candidate(), found.baseline(), Formats.points(found.delta()), numbers);
  }

  private static String ofErrors(Results.Comparison found) {
    String numbers =
        String.format(
            Locale.ROOT,
            "95 %% CI %+.4g to %+.4g, sign test %s, n = %,d",
            found.ci95().get(0),
            found.ci95().get(1),
            Formats.p(found.mcnemarP()),
            found.n());
    return found.isCertain()
        ? String.format(
            Locale.ROOT,
            "%s is %.4g %s the truth than %s on average (%s)",
            found.candidate(),
            Math.abs(found.delta()),
            found.delta() < 0 ? "nearer to" : "farther from",
            found.baseline(),
            numbers)
        : String.format(
            Locale.ROOT,
            "%s and %s: no certain difference, %+.4g in mean absolute error (%s)",
            found.candidate(),
            found.baseline(),
            found.delta(),
            numbers);
  }
}
