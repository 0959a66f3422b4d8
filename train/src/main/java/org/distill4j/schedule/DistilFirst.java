package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * A soft weight that is strong first and leaves the end to the labels, so that the teacher's
 * mistakes are not copied: {@code from + (to - from) u}; the hard weight is 1 minus it.
 */
@Describe("the soft weight falls, the hard weight rises: the teacher's mistakes are not copied")
@DigestedAs("DistilFirst[from, to]")
public record DistilFirst(
    @Default("0.9") @Describe("the soft weight at the start, 0..1") double from,
    @Default("0.1") @Describe("the soft weight at the end, 0..1") double to)
    implements Schedule {
  /** Checks the bounds. */
  public DistilFirst {
    ScheduleBounds.requireFinite(from, to);
  }

  @Override
  public double at(double u) {
    return u == 1 ? to : from + (to - from) * u;
  }

  @Override
  public double least() {
    return Math.min(from, to);
  }

  @Override
  public double most() {
    return Math.max(from, to);
  }

  @Override
  public String says() {
    return "distil-first " + ScheduleBounds.plain(from) + " -> " + ScheduleBounds.plain(to);
  }

  @Override
  public Schedule counterpart() {
    return new Linear(ScheduleBounds.rest(from), ScheduleBounds.rest(to), 0, 1);
  }
}
