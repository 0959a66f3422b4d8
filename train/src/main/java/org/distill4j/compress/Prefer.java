package org.distill4j.compress;

/** Which of the models within the limit is the best. */
public enum Prefer {
  /** The smallest. */
  BYTES,
  /** The fastest on this machine; layers that integers slow down stay float. */
  SPEED
}
