package org.distill4j.tensorflow;

/**
 * The storage of weights in a graph definition: as constants whose values are kept elsewhere, or as
 * variables.
 */
public enum Weights {
  /** As constants without a value, which is stored elsewhere under the node's name. */
  NAMED,
  /** As variables, which a checkpoint fills. */
  VARIABLES
}
