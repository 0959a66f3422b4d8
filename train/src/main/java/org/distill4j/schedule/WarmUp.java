package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * A warm-up of the soft weight: it rises from 0 over the first part of the run, when what the
 * student knows is too little to be corrected, {@code to · min(1, u / share)}; the hard weight is 1
 * minus it.
 */
@Describe("the soft weight rises from 0 over the first part of the run")
@DigestedAs("WarmUp[to, share]")
public record WarmUp(
    @Default("0.9") @Describe("the soft weight from then on, 0..1") double to,
    @Default("0.3") @Describe("the share of the run until then, 0 < share <= 1") double share)
    implements Schedule {
  /** Checks the bounds. */
  public WarmUp {
    ScheduleBounds.requireFinite(to, to);
    ScheduleBounds.requireSpan(0, share);
  }

  @Override
  public double at(double u) {
    return to * ScheduleBounds.between(u, 0, share);
  }

  @Override
  public double least() {
    return Math.min(0, to);
  }

  @Override
  public double most() {
    return Math.max(0, to);
  }

  @Override
  public String says() {
    return "warm-up 0 -> " + ScheduleBounds.plain(to) + ScheduleBounds.span(0, share);
  }

  @Override
  public Schedule counterpart() {
    return new Linear(1, ScheduleBounds.rest(to), 0, share);
  }
}
