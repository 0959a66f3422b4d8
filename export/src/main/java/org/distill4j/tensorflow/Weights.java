package org.distill4j.tensorflow;

/** How a definition holds kernels, dense weights and biases. */
public enum Weights {
  /** As constants without a value, which is stored elsewhere under the node's name. */
  NAMED,
  /** As variables, which a checkpoint fills. */
  VARIABLES
}
