package org.distill4j.results;

/**
 * How near what one runtime says of a model comes to what another says, on the same examples.
 *
 * @param n how many examples
 * @param distance the largest between two numbers of the outputs; NaN if one is none
 * @param agreement the share of examples to which both give the same answer; 1 of no examples
 */
public record Parity(int n, double distance, double agreement) {
  /** Of examples that were counted. */
  public static Parity of(int n, int same, double distance) {
    return new Parity(n, distance, n == 0 ? 1 : (double) same / n);
  }
}
