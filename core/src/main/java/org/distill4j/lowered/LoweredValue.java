package org.distill4j.lowered;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A value of a lowered graph, as it is held.
 *
 * @param name unique, of letters, digits, dots and underscores
 * @param type of its elements
 * @param shape its extents; only the outermost may be a symbol
 * @param constant what it holds if it is a constant; kernels are {@code [H, W, I, O]} or,
 *     depthwise, {@code [H, W, C, M]}, dense weights {@code [in, out]}
 * @param scaling how 8-bit numbers stand for its elements, if they are to
 */
public record LoweredValue(
    String name,
    DType type,
    Shape shape,
    Optional<HostTensor> constant,
    Optional<AffineScaling> scaling) {
  private static final Pattern MULTIPLE = Pattern.compile("(\\d+)\\*\\w+");

  /** Whether it holds a constant. */
  public boolean isConstant() {
    return constant.isPresent();
  }

  /** The extents for a batch of one. */
  public Shape ofOne() {
    Shape one = shape;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!shape.dim(axis).isKnown()) {
        Matcher multiple = MULTIPLE.matcher(shape.dim(axis).symbol());
        one = one.with(axis, Dim.of(multiple.matches() ? Long.parseLong(multiple.group(1)) : 1));
      }
    }
    return one;
  }

  /** The same with a scaling. */
  public LoweredValue with(AffineScaling other) {
    return new LoweredValue(name, type, shape, constant, Optional.of(other));
  }
}
