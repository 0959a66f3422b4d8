package org.distill4j.table;

/** From where to where numbers go, and whether floats of 32 bits still tell them apart. */
public final class FloatRange {
  /** So many steps between the least and the largest lose nothing that a net would see. */
  public static final int STEPS = 4096;

  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private boolean held = true;

  /** Adds a number; whether a float holds it. */
  public boolean add(double number) {
    least = Math.min(least, number);
    most = Math.max(most, number);
    boolean isHeld = number == (float) number;
    held &= isHeld;
    return isHeld;
  }

  public double least() {
    return least;
  }

  public double most() {
    return most;
  }

  /** How many steps of floats lie between the least and the largest. */
  public double steps() {
    return (most - least) / Math.ulp((float) Math.max(Math.abs(least), Math.abs(most)));
  }

  /** Whether numbers that floats do not hold became a few. */
  public boolean isLost() {
    return !held && most > least && steps() < STEPS;
  }
}
