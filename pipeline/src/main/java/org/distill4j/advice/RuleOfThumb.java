package org.distill4j.advice;

import java.util.Locale;

/**
 * A rule of thumb of practitioners, which a run is held against. Each speaks only where measured
 * values go against it, and stays silent where a run's own result contradicts it.
 */
public enum RuleOfThumb {
  /** Where a search for the temperature begins. */
  TEMPERATURE_START("recipe", "begin at T = 5 and tune T on validation"),
  /** Whether a search looked far enough. */
  TEMPERATURE_AT_EDGE("validation", "the best T lies inside the sweep"),
  /** How much the labels may be trusted. */
  LABEL_QUALITY(
      "validation", "clean labels: hard weight 0.6 to 0.8; noisy or imbalanced ones: below 0.5"),
  /** When to listen to the teacher. */
  DISTIL_FIRST("train", "a strong soft loss early, more label weight late, or mistakes are copied"),
  /** Whether the teacher is as good as its kind. */
  WEAK_TEACHER("validation", "a teacher below its architecture's usual accuracy teaches errors"),
  /** Whether the teacher is ready to teach. */
  UNFIT_TEACHER(
      "validation",
      "a teacher has converged, is not overfit, not sensitive to noise, and calibrated"),
  /** Whether teaching helped. */
  WORSE_THAN_ALONE("test", "a distilled student beats the same net trained alone"),
  /** Whether labelling would help more. */
  LABELS_BRING_MORE("test", "soft labels stand in for the labels that are missing"),
  /** Whether the student is large enough. */
  CAPACITY("test", "a student has at least 1/5 to 1/3 of its teacher's parameters"),
  /** Whether the student is of a good kind. */
  FAMILY("test", "depthwise nets without inverted residuals carry little for hard tasks"),
  /** What the teacher's output is. */
  LOGITS("recipe", "models end in logits, not in a softmax"),
  /** Whether the student learns from what the teacher knows. */
  TRANSFER_SET("train", "the transfer set is like the data that the teacher was validated on"),
  /** Whether the teacher is asked too often. */
  CACHE("train", "soft labels are kept and used again, unless inputs are augmented"),
  /** Whether the student is as fast and as good as its size promises. */
  EXPECTED_GAIN("test", "40 % fewer parameters run 60 % faster and keep 97 % of the accuracy"),
  /** Whether the processor waits for data. */
  INPUT_BOUND("train", "a trainer does not wait for its data: prefetch, cache, read in parallel"),
  /** Whether all layers learn. */
  TRAINING_HEALTH(
      "train", "layers are alive: no dead units, no vanishing gradient, no runaway weights");

  private final String split;
  private final String says;

  RuleOfThumb(String split, String says) {
    this.split = split;
    this.says = says;
  }

  /** How recipes and results call it: {@code weak-teacher}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What it is measured on: {@code train}, {@code validation}, {@code test}, or the {@code recipe}
   * alone.
   */
  public String split() {
    return split;
  }

  /** The rule in one line. */
  public String says() {
    return says;
  }
}
