package org.distill4j.reference;

/** What the integers of a tensor stand for: {@code x = (q - zero) size}. */
final class ReferenceGrid {
  private final double[] sizes;
  private final double[] zeros;
  private final int axis;

  /**
   * @param sizes of one step: one for all, or one for each index of an axis
   * @param zeros the integers that stand for 0, as many
   * @param axis which axis the sizes belong to; read only where there are several
   */
  ReferenceGrid(double[] sizes, double[] zeros, int axis) {
    this.sizes = sizes;
    this.zeros = zeros;
    this.axis = axis;
  }

  /** One for the whole tensor. */
  static ReferenceGrid of(double size, double zero) {
    return new ReferenceGrid(new double[] {size}, new double[] {zero}, 0);
  }

  double[] sizes() {
    return sizes;
  }

  double[] zeros() {
    return zeros;
  }

  int axis() {
    return axis;
  }

  /** Whether there is one size for all. */
  boolean isOne() {
    return sizes.length == 1;
  }

  /** Whether two tensors' integers stand for the same numbers. */
  boolean isAs(ReferenceGrid other) {
    return isOne() && other.isOne() && sizes[0] == other.sizes[0] && zeros[0] == other.zeros[0];
  }
}
