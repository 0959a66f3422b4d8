package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/** A cosine schedule, along half a cosine: {@code to + (from - to) (1 + cos(pi v)) / 2}. */
@Describe("goes from one value to another along half a cosine")
@DigestedAs("Cosine[from, to, start, end]")
public record Cosine(
    @Describe("the value before start") double from,
    @Describe("the value after end") double to,
    @Default("0") @Describe("where it sets out, a share of the run, 0..1") double start,
    @Default("1") @Describe("where it arrives, a share of the run, start < end <= 1") double end)
    implements Schedule {
  /** Checks the bounds. */
  public Cosine {
    ScheduleBounds.requireFinite(from, to);
    ScheduleBounds.requireSpan(start, end);
  }

  @Override
  public double at(double u) {
    double v = ScheduleBounds.between(u, start, end);
    return v == 0 ? from : v == 1 ? to : to + (from - to) * (1 + Math.cos(Math.PI * v)) / 2;
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
    return "cosine "
        + ScheduleBounds.plain(from)
        + " -> "
        + ScheduleBounds.plain(to)
        + ScheduleBounds.span(start, end);
  }
}
