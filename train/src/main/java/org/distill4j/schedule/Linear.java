package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/** A linear schedule from one value to another: {@code from + (to - from) v}. */
@Describe("goes straight from one value to another")
@DigestedAs("Linear[from, to, start, end]")
public record Linear(
    @Describe("the value before start") double from,
    @Describe("the value after end") double to,
    @Default("0") @Describe("where it sets out, a share of the run, 0..1") double start,
    @Default("1") @Describe("where it arrives, a share of the run, start < end <= 1") double end)
    implements Schedule {
  /** Checks the bounds. */
  public Linear {
    ScheduleBounds.requireFinite(from, to);
    ScheduleBounds.requireSpan(start, end);
  }

  @Override
  public double at(double u) {
    double v = ScheduleBounds.between(u, start, end);
    return v == 1 ? to : from + (to - from) * v;
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
    return "linear "
        + ScheduleBounds.plain(from)
        + " -> "
        + ScheduleBounds.plain(to)
        + ScheduleBounds.span(start, end);
  }
}
