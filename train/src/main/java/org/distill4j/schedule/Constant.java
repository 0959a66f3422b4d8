package org.distill4j.schedule;

import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/** A constant schedule: {@code value} throughout. */
@Shorthand
@Describe("one value throughout")
@DigestedAs("value")
public record Constant(@Describe("the value") double value) implements Schedule {
  @Override
  public double at(double u) {
    return value;
  }

  @Override
  public double least() {
    return value;
  }

  @Override
  public double most() {
    return value;
  }

  @Override
  public String says() {
    return ScheduleBounds.plain(value);
  }

  /** The number alone. */
  @Override
  public String toString() {
    return Double.toString(value);
  }
}
