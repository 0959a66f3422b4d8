package org.distill4j.reference;

import java.util.function.IntUnaryOperator;
import org.distill4j.tensor.Shape;

/** Where the elements of one array lie in another. */
final class ElementIndex {
  private ElementIndex() {}

  /** How far apart neighbours along each axis lie. */
  static int[] strides(Shape shape) {
    int[] strides = new int[shape.rank()];
    int step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= Math.toIntExact(shape.size(axis));
    }
    return strides;
  }

  /**
   * The position in an array for each position of a result, {@code start + sum of step[axis] x
   * index[axis]}.
   */
  static IntUnaryOperator affine(Shape result, int start, int[] steps) {
    int[] own = strides(result);
    long[] sizes = result.sizes();
    return position -> {
      int at = start;
      for (int axis = 0; axis < own.length; axis++) {
        at += (int) (position / own[axis] % sizes[axis]) * steps[axis];
      }
      return at;
    };
  }

  /** The position in a smaller array that is repeated along axes of extent 1. */
  static IntUnaryOperator broadcast(Shape small, Shape result) {
    if (small.equals(result)) {
      return i -> i;
    }
    int[] steps = new int[result.rank()];
    int[] own = strides(small);
    int shift = result.rank() - small.rank();
    for (int axis = 0; axis < own.length; axis++) {
      steps[axis + shift] = small.size(axis) == 1 ? 0 : own[axis];
    }
    return affine(result, 0, steps);
  }
}
