package org.distill4j.schedule;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * A step schedule: one value after the other, each for an equal part of the run, {@code
 * values[min(k - 1, floor(k u))]} of k values.
 */
@Describe("takes one value after the other, each for an equal part of the run")
@DigestedAs("Step[values]")
public record Step(@Describe("the values, at least two") List<Double> values) implements Schedule {
  /** Takes a copy and checks the bounds. */
  public Step {
    values = List.copyOf(values);
    if (values.size() < 2) {
      throw new IllegalArgumentException("values: " + values + " (expected: at least two)");
    }
    values.forEach(v -> ScheduleBounds.requireFinite(v, v));
  }

  @Override
  public double at(double u) {
    return values.get((int) Math.min(values.size() - 1, values.size() * u));
  }

  @Override
  public double least() {
    return Collections.min(values);
  }

  @Override
  public double most() {
    return Collections.max(values);
  }

  @Override
  public String says() {
    return "step " + values.stream().map(ScheduleBounds::plain).collect(Collectors.joining(" -> "));
  }
}
