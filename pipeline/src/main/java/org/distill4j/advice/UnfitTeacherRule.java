package org.distill4j.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.progress.Epoch;

/**
 * The rule {@code unfit-teacher}: speaks where a teacher is not ready to teach, as its validation
 * loss still falls, it knows its training data by heart, little noise changes its answers, or it
 * claims more than it holds.
 *
 * <pre>{@code
 * slope = (loss[e - k] - loss[e]) / (k · loss[e]) over the last k = max(1, epochs / 4) epochs
 * gap   = training accuracy - validation accuracy at the end
 * }</pre>
 *
 * @param epochs of its training; empty if it came trained
 * @param flipRate share of its answers that noise of 2 % of the inputs' range changes, 0 to 1
 * @param calibrationError its expected calibration error on validation, 0 to 1
 * @param isSearched whether its temperature was searched, so that it is known which one suits
 */
public record UnfitTeacherRule(
    List<Epoch> epochs, double flipRate, double calibrationError, boolean isSearched)
    implements Advice.Entry {
  private static final double STEEP = 0.03;
  private static final double WIDE = 0.1;
  private static final double NERVOUS = 0.05;
  private static final double MISCALIBRATED = 0.1;

  /** Whose temperature was not searched. */
  public UnfitTeacherRule(List<Epoch> epochs, double flipRate, double calibrationError) {
    this(epochs, flipRate, calibrationError, false);
  }

  /** Takes a copy. */
  public UnfitTeacherRule {
    epochs = List.copyOf(epochs);
  }

  /** How much of itself the validation loss loses in an epoch at the end; NaN if unknown. */
  double slope() {
    int k = Math.max(1, epochs.size() / 4);
    if (epochs.size() < 2) {
      return Double.NaN;
    }
    double last = epochs.get(epochs.size() - 1).validationLoss();
    return (epochs.get(epochs.size() - 1 - k).validationLoss() - last) / (k * last);
  }

  /** How much better it does on what it was trained on; NaN if unknown. */
  double gap() {
    if (epochs.isEmpty()) {
      return Double.NaN;
    }
    Epoch last = epochs.get(epochs.size() - 1);
    return last.trainAccuracy() - last.validationAccuracy();
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.UNFIT_TEACHER;
  }

  @Override
  public Optional<Advice> advice() {
    Map<String, Double> measured = new LinkedHashMap<>();
    List<String> says = new ArrayList<>();
    if (slope() > STEEP) {
      measured.put("slope", slope());
      says.add(
          "its validation loss still falls by "
              + Advice.percent(slope())
              + " an epoch (train it longer)");
    }
    if (gap() > WIDE) {
      measured.put("gap", gap());
      says.add(
          "it does "
              + Advice.points(gap())
              + " better on its training data (add dropout or weight decay)");
    }
    if (flipRate > NERVOUS) {
      measured.put("flip_rate", flipRate);
      says.add(
          "little noise changes "
              + Advice.percent(flipRate)
              + " of its answers (augment its data)");
    }
    if (calibrationError > MISCALIBRATED) {
      measured.put("calibration_error", calibrationError);
      says.add(
          "its confidence is off by "
              + Advice.percent(calibrationError)
              + " on average"
              + (isSearched ? "" : " (raise T)"));
    }
    return says.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.UNFIT_TEACHER,
                measured,
                "the teacher is not ready: " + String.join("; ", says)));
  }
}
