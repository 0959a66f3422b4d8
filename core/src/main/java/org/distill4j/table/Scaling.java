package org.distill4j.table;

/** The scaling of a column of numbers, by what training examples have. */
public enum Scaling {
  /** To mean 0 and standard deviation 1. */
  STANDARD,
  /** To 0..1. */
  MIN_MAX,
  /** Not at all. */
  NONE
}
