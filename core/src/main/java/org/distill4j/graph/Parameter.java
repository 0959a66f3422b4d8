package org.distill4j.graph;

import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A parameter: an initializer that training may change.
 *
 * @param name of the initializer
 * @param role what its first use in the graph makes of it
 * @param value its elements, of a floating-point type
 */
public record Parameter(String name, Role role, HostTensor value) {
  /** What a parameter does in its layer. */
  public enum Role {
    /** Multiplies features with features: kernels, matrices, recurrences. */
    WEIGHT,
    /** Is added per channel. */
    BIAS,
    /** Multiplies per channel, after a normalization or by itself. */
    NORM_SCALE,
    /** Is added per channel after a normalization. */
    NORM_BIAS,
    /** The slope of a PRelu below zero. */
    SLOPE,
    /** A table of which rows are looked up. */
    EMBEDDING;

    /**
     * Whether weight decay applies: to what multiplies features with features and to tables, not to
     * biases, normalizations and slopes.
     */
    public boolean decays() {
      return this == WEIGHT || this == EMBEDDING;
    }
  }

  /** Checks that it can be trained. */
  public Parameter {
    if (!value.type().isFloating()) {
      throw new IllegalArgumentException(
          "parameter '" + name + "': " + value.type() + " (expected: a floating-point type)");
    }
  }

  /** The extents of its value. */
  public Shape shape() {
    return value.shape();
  }

  /** How many numbers it holds. */
  public long elements() {
    return value.elements();
  }
}
