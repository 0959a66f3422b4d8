package org.distill4j;

/**
 * The seeds of tests that train or draw: {@code -Dtest.seed=K} shifts them all, so that a test that
 * holds for one draw alone is found. 0, the default, leaves them as they are written.
 */
public final class Seeds {
  private static final long APART = 1_000_003; // a prime: no seed of a test becomes another's

  private Seeds() {}

  /** A seed as it is written in a test, shifted. */
  public static long of(long written) {
    return written + APART * Long.getLong("test.seed", 0);
  }
}
