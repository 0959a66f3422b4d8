package org.distill4j.reference;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/**
 * QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear: {@code q = saturate(round(x / size) +
 * zero)}, half to even.
 *
 * <p>A float is divided as a float, as ONNX defines it. What comes from integers is an exact sum of
 * products, and is divided in float64: that is the requantization of a layer, rounded once.
 */
final class ReferenceQuantization {
  private static final float MOST = 255;

  private ReferenceQuantization() {}

  static ReferenceTensor quantize(Operands operands) {
    ReferenceTensor x = operands.in(0);
    ReferenceTensor target = ReferenceTensor.of(x.shape(), x.numbers(), steps(operands));
    ReferenceGrid to = target.steps().orElseThrow();
    IntUnaryOperator channel = target.channel();
    boolean exact = x.steps().isPresent();
    double[] reals = x.reals();
    double[] integers = new double[reals.length];
    double low = low(operands.site().outType());
    double high = low + range(operands.site().outType());
    for (int i = 0; i < integers.length; i++) {
      int c = channel.applyAsInt(i);
      double ratio = exact ? reals[i] / to.sizes()[c] : (float) reals[i] / (float) to.sizes()[c];
      integers[i] = Math.max(low, Math.min(high, Math.rint(ratio) + to.zeros()[c]));
    }
    return ReferenceTensor.of(x.shape(), integers);
  }

  /**
   * Integers, their step and what stands for 0, all found in floats as ONNX defines it: {@code step
   * = (max(x, 0) - min(x, 0)) / 255, zero = round(saturate(-min(x, 0) / step))}. The step of zeros
   * alone, which ONNX leaves open, is 1.
   */
  static List<ReferenceTensor> quantizeDynamically(Operands operands) {
    ReferenceTensor x = operands.in(0).real();
    float least = 0;
    float most = 0;
    for (double value : x.numbers()) {
      least = Math.min(least, (float) value);
      most = Math.max(most, (float) value);
    }
    float step = most == least ? 1 : (most - least) / MOST;
    double zero = Math.rint(saturated(-least / step));
    double[] integers = new double[x.numbers().length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = saturated(Math.rint((float) x.numbers()[i] / step) + zero);
    }
    return List.of(
        ReferenceTensor.of(x.shape(), integers),
        ReferenceTensor.of(Shape.SCALAR, new double[] {step}),
        ReferenceTensor.of(Shape.SCALAR, new double[] {zero}));
  }

  private static double saturated(double value) {
    return Math.max(0, Math.min(MOST, value));
  }

  static ReferenceTensor dequantize(Operands operands) {
    return ReferenceTensor.of(operands.in(0).shape(), operands.in(0).numbers(), steps(operands));
  }

  private static ReferenceGrid steps(Operands operands) {
    double[] sizes = operands.in(1).numbers();
    double[] zeros = operands.site().has(2) ? operands.in(2).numbers() : new double[sizes.length];
    int rank = operands.in(0).shape().rank();
    if (operands.in(1).shape().rank() > 1) {
      throw operands
          .site()
          .fault("scale " + operands.in(1).shape() + " (expected: one, or one for each channel)");
    }
    long given = operands.node().intAttribute("axis", 1); // nothing's where one step holds for all
    int axis = (int) (given < 0 ? given + Math.max(1, rank) : given);
    return new ReferenceGrid(sizes, zeros, axis);
  }

  private static double low(DType type) {
    return switch (type) {
      case UINT8, UINT16, UINT32, UINT64, BOOL -> 0;
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      default -> Integer.MIN_VALUE;
    };
  }

  private static double range(DType type) {
    return Math.pow(2, Math.min(32, 8 * type.bytes())) - 1;
  }
}
