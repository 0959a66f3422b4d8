package org.distill4j.search;

import java.time.Duration;

/**
 * The limits of a search: lost accuracy, time, calibration examples, and whether it may train.
 *
 * @param maxDrop how much validation accuracy may be lost, as a share of 1, 0 to 1
 * @param budget when no further candidate is begun; the one under way is finished
 * @param samples how many training examples calibration runs, at least 2
 * @param mayTrain whether models may be pruned and trained on
 */
public record Limits(double maxDrop, Duration budget, long samples, boolean mayTrain) {
  /** Checks the bounds. */
  public Limits {
    if (!(maxDrop >= 0 && maxDrop <= 1)) {
      throw new IllegalArgumentException("max-drop: " + maxDrop + " (expected: 0 to 1)");
    }
    if (budget.isNegative() || budget.isZero()) {
      throw new IllegalArgumentException("budget: " + budget + " (expected: longer than nothing)");
    }
    if (samples < 2) {
      throw new IllegalArgumentException("samples: " + samples + " (expected: >= 2)");
    }
  }
}
