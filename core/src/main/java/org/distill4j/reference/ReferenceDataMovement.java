package org.distill4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import org.distill4j.tensor.Shape;

/** What moves numbers and leaves them as they are. */
final class ReferenceDataMovement {
  private ReferenceDataMovement() {}

  static ReferenceTensor reshape(Operands operands) {
    return operands.in(0).movable().withShape(operands.site().outShape());
  }

  static ReferenceTensor transpose(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    int rank = x.shape().rank();
    long[] order =
        operands
            .node()
            .optionalInts("perm")
            .orElseGet(() -> LongStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    int[] own = ElementIndex.strides(x.shape());
    int[] steps = Arrays.stream(order).mapToInt(axis -> own[(int) axis]).toArray();
    return taken(x, operands.site().outShape(), 0, steps);
  }

  static ReferenceTensor slice(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    int rank = x.shape().rank();
    long[] starts = operands.integers(1).orElseThrow();
    long[] axes =
        operands.integers(3).orElseGet(() -> LongStream.range(0, starts.length).toArray());
    long[] strides =
        operands
            .integers(4)
            .orElseGet(() -> LongStream.generate(() -> 1).limit(axes.length).toArray());
    int[] steps = ElementIndex.strides(x.shape());
    int start = 0;
    for (int i = 0; i < axes.length; i++) {
      int axis = operands.site().axisWithin(axes[i], rank);
      long size = x.size(axis);
      long first = starts[i] < 0 ? starts[i] + size : starts[i];
      first = Math.max(0, Math.min(strides[i] < 0 ? size - 1 : size, first));
      start += (int) first * steps[axis];
      steps[axis] *= (int) strides[i];
    }
    return taken(x, operands.site().outShape(), start, steps);
  }

  private static ReferenceTensor taken(ReferenceTensor x, Shape shape, int start, int[] steps) {
    IntUnaryOperator from = ElementIndex.affine(shape, start, steps);
    double[] result = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < result.length; i++) {
      result[i] = x.numbers()[from.applyAsInt(i)];
    }
    return new ReferenceTensor(shape, result, x.steps());
  }

  /** The slices of an axis that indices name. */
  static ReferenceTensor gather(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    int axis =
        operands.site().axisWithin(operands.node().intAttribute("axis", 0), x.shape().rank());
    int inner = ElementIndex.strides(x.shape())[axis];
    int size = x.size(axis);
    double[] indices = operands.in(1).numbers();
    double[] result = new double[Math.toIntExact(operands.site().outShape().elements())];
    for (int i = 0; i < result.length; i++) {
      int slice = (int) indices[i / inner % indices.length];
      int outer = i / inner / indices.length;
      int from = (outer * size + (slice < 0 ? slice + size : slice)) * inner;
      result[i] = x.numbers()[from + i % inner];
    }
    return new ReferenceTensor(operands.site().outShape(), result, x.steps());
  }

  static ReferenceTensor pad(Operands operands) {
    ReferenceTensor x = operands.in(0).movable();
    int rank = x.shape().rank();
    long[] pads = operands.integers(1).orElseThrow();
    long[] axes = operands.integers(3).orElseGet(() -> LongStream.range(0, rank).toArray());
    int[] steps = ElementIndex.strides(operands.site().outShape());
    int start = 0;
    for (int i = 0; i < axes.length; i++) {
      start += (int) pads[i] * steps[operands.site().axisWithin(axes[i], rank)];
    }
    double value = operands.number(2, 0);
    double filler = x.steps().map(s -> value / s.sizes()[0] + s.zeros()[0]).orElse(value);
    double[] result = new double[Math.toIntExact(operands.site().outShape().elements())];
    Arrays.fill(result, filler);
    IntUnaryOperator to = ElementIndex.affine(x.shape(), start, steps);
    for (int i = 0; i < x.numbers().length; i++) {
      result[to.applyAsInt(i)] = x.numbers()[i];
    }
    return new ReferenceTensor(operands.site().outShape(), result, x.steps());
  }

  static ReferenceTensor concat(Operands operands) {
    List<ReferenceTensor> parts = new ArrayList<>(operands.inputs());
    ReferenceTensor first = parts.get(0);
    boolean alike =
        parts.stream()
            .allMatch(
                p ->
                    p.steps().isEmpty()
                        ? first.steps().isEmpty()
                        : first.steps().isPresent() && p.steps().get().isAs(first.steps().get()));
    if (!alike) {
      parts.replaceAll(ReferenceTensor::real);
    }
    int axis =
        operands.site().axisWithin(operands.node().intAttribute("axis", 0), first.shape().rank());
    int[] steps = ElementIndex.strides(operands.site().outShape());
    double[] result = new double[Math.toIntExact(operands.site().outShape().elements())];
    int start = 0;
    for (ReferenceTensor part : parts) {
      IntUnaryOperator to = ElementIndex.affine(part.shape(), start, steps);
      for (int i = 0; i < part.numbers().length; i++) {
        result[to.applyAsInt(i)] = part.numbers()[i];
      }
      start += part.size(axis) * steps[axis];
    }
    return new ReferenceTensor(operands.site().outShape(), result, parts.get(0).steps());
  }
}
