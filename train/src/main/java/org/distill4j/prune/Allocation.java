package org.distill4j.prune;

/** The allocation of pruning: how much of each group goes. */
public enum Allocation {
  /** The same share of every group. */
  UNIFORM,
  /** What matters least in the whole model, whichever group it is in. */
  GLOBAL,
  /** More where taking a part of a group alone costs less; wants a {@link Sensitivity}. */
  SENSITIVITY
}
