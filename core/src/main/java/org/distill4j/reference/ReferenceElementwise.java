package org.distill4j.reference;

import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.distill4j.tensor.Shape;

/** Sums, products and activations. */
final class ReferenceElementwise {
  private ReferenceElementwise() {}

  /** Numbers as such, broadcast as ONNX does. */
  static ReferenceTensor binary(Operands operands, DoubleBinaryOperator op) {
    Shape shape = operands.site().outShape();
    double[] a = operands.in(0).reals();
    double[] b = operands.in(1).reals();
    IntUnaryOperator atA = ElementIndex.broadcast(operands.in(0).shape(), shape);
    IntUnaryOperator atB = ElementIndex.broadcast(operands.in(1).shape(), shape);
    double[] result = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < result.length; i++) {
      result[i] = op.applyAsDouble(a[atA.applyAsInt(i)], b[atB.applyAsInt(i)]);
    }
    return ReferenceTensor.of(shape, result);
  }

  /** Integers are divided towards zero. */
  static ReferenceTensor divide(Operands operands) {
    return operands.site().outType().isFloating()
        ? binary(operands, (a, b) -> a / b)
        : binary(operands, (a, b) -> (long) (a / b));
  }

  static ReferenceTensor unary(Operands operands, DoubleUnaryOperator op) {
    double[] x = operands.in(0).reals();
    double[] result = new double[x.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = op.applyAsDouble(x[i]);
    }
    return ReferenceTensor.of(operands.in(0).shape(), result);
  }

  /** Integers stay what they are: the bounds are taken to their steps. */
  static ReferenceTensor clip(Operands operands, double low, double high) {
    ReferenceTensor x = operands.in(0);
    Optional<ReferenceGrid> steps = x.steps();
    if (steps.isEmpty()) {
      return unary(operands, v -> Math.min(high, Math.max(low, v)));
    }
    ReferenceGrid s = steps.get();
    IntUnaryOperator channel = x.channel();
    double[] result = new double[x.numbers().length];
    for (int i = 0; i < result.length; i++) {
      int c = channel.applyAsInt(i);
      double least = s.zeros()[c] + low / s.sizes()[c];
      double most = s.zeros()[c] + high / s.sizes()[c];
      result[i] = Math.min(most, Math.max(least, x.numbers()[i]));
    }
    return ReferenceTensor.of(x.shape(), result, s);
  }

  /** To the nearest float; towards zero where integers come out. */
  static ReferenceTensor cast(Operands operands) {
    return switch (operands.site().outType()) {
      case FLOAT64 -> operands.in(0).real();
      case FLOAT16, BFLOAT16 -> operands.in(0).real().rounded(operands.site().outType());
      case FLOAT32 -> unary(operands, v -> (float) v);
      case BOOL -> unary(operands, v -> v == 0 ? 0 : 1);
      default -> unary(operands, v -> (long) v);
    };
  }

  /** {@code x_k - m - log(sum of e^(x - m))}, or e to that. */
  static ReferenceTensor softmax(Operands operands, boolean logarithm) {
    ReferenceTensor x = operands.in(0).real();
    int rank = x.shape().rank();
    int axis = operands.site().axisWithin(operands.node().intAttribute("axis", -1), rank);
    int inner = 1;
    for (int a = axis + 1; a < rank; a++) {
      inner *= x.size(a);
    }
    int count = x.size(axis);
    double[] in = x.numbers();
    double[] result = new double[in.length];
    for (int start = 0; start < in.length; start++) {
      if (start / inner % count == 0) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
          max = Math.max(max, in[start + k * inner]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
          sum += Math.exp(in[start + k * inner] - max);
        }
        for (int k = 0; k < count; k++) {
          double log = in[start + k * inner] - max - Math.log(sum);
          result[start + k * inner] = logarithm ? log : Math.exp(log);
        }
      }
    }
    return ReferenceTensor.of(x.shape(), result);
  }

  /** {@code scale (x - mean) / sqrt(variance + epsilon) + bias} for each channel. */
  static ReferenceTensor normalize(Operands operands) {
    if (operands.node().intAttribute("training_mode", 0) != 0) {
      throw operands
          .site()
          .fault("training_mode (expected: false); export the model for inference");
    }
    ReferenceTensor x = operands.in(0).real();
    double epsilon = operands.node().floatAttribute("epsilon", 1e-5f);
    int channels = x.size(1);
    int inner = 1;
    for (int axis = 2; axis < x.shape().rank(); axis++) {
      inner *= x.size(axis);
    }
    double[] result = new double[x.numbers().length];
    for (int i = 0; i < result.length; i++) {
      int c = i / inner % channels;
      double deviation = Math.sqrt(operands.in(4).numbers()[c] + epsilon);
      result[i] =
          operands.in(1).numbers()[c] * (x.numbers()[i] - operands.in(3).numbers()[c]) / deviation
              + operands.in(2).numbers()[c];
    }
    return ReferenceTensor.of(x.shape(), result);
  }
}
