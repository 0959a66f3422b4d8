package org.distill4j.schedule;

import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * A curriculum of temperatures: low first, for the strong signal, and high later, for what the
 * teacher knows of the other classes, from {@code low} to {@code low + 1} in the first third of the
 * run, to {@code high - 2} in the second, to {@code high} in the last, straight in each.
 */
@Describe("T is low first, for the strong signal, and high later, for dark knowledge")
@DigestedAs("Curriculum[low, high]")
public record Curriculum(
    @Default("2") @Describe("T at the start, >= 1") double low,
    @Default("10") @Describe("T at the end, >= low + 3") double high)
    implements Schedule {
  /** Checks the bounds. */
  public Curriculum {
    ScheduleBounds.requireFinite(low, high);
    if (!(high >= low + 3)) {
      throw new IllegalArgumentException(
          "high: "
              + ScheduleBounds.plain(high)
              + " (expected: >= low + 3 = "
              + ScheduleBounds.plain(low + 3)
              + ")");
    }
  }

  @Override
  public double at(double u) {
    double third = 3 * u;
    if (third <= 1) {
      return low + third;
    }
    return third <= 2 ? low + 1 + (high - 2 - (low + 1)) * (third - 1) : high - 2 + 2 * (third - 2);
  }

  @Override
  public double least() {
    return low;
  }

  @Override
  public double most() {
    return high;
  }

  @Override
  public String says() {
    return "curriculum " + ScheduleBounds.plain(low) + " -> " + ScheduleBounds.plain(high);
  }
}
