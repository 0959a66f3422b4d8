package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.Axes;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Moves one value between layouts; without a transposition where there is one channel or one
 * position.
 *
 * @param onnx the value's shape in ONNX
 */
record LayoutConversion(Ops tf, Shape onnx) {
  /** {@code [N, C, ...]} to {@code [N, ..., C]}. */
  <T extends TFloating> Operand<T> channelsLast(Operand<T> x) {
    List<Dim> target = moved(onnx.dims(), Axes.toLast(onnx.rank()));
    return isFree() ? reshape(tf, x, target) : transpose(x, Axes.toLast(onnx.rank()));
  }

  /** {@code [N, ..., C]} to {@code [N, C, ...]}. */
  <T extends TFloating> Operand<T> channelsFirst(Operand<T> x) {
    return isFree() ? reshape(tf, x, onnx.dims()) : transpose(x, Axes.toFirst(onnx.rank()));
  }

  /** {@code [N, ... C]} to {@code [N, C ...]}. */
  <T extends TFloating> Operand<T> unflatten(Operand<T> x, long channels) {
    long positions = onnx.size(1) / channels;
    Operand<T> parts = tf.reshape(x, tf.constant(new long[] {-1, positions, channels}));
    return tf.reshape(
        transpose(parts, new int[] {0, 2, 1}),
        tf.constant(new long[] {-1, Math.multiplyExact(positions, channels)}));
  }

  private <T extends TFloating> Operand<T> transpose(Operand<T> x, int[] axes) {
    return tf.linalg.transpose(x, tf.constant(axes));
  }

  private boolean isFree() {
    List<Dim> dims = onnx.dims();
    boolean onePosition = dims.subList(2, dims.size()).stream().allMatch(d -> d.size() == 1);
    long unknown = dims.stream().filter(d -> !d.isKnown()).count();
    return unknown <= 1 && (onePosition || dims.get(1).size() == 1);
  }

  /** A reshape to extents of which at most one is unknown. */
  static <T extends TFloating> Operand<T> reshape(Ops tf, Operand<T> x, List<Dim> target) {
    return tf.reshape(x, tf.constant(target.stream().mapToLong(Dim::size).toArray()));
  }

  private static List<Dim> moved(List<Dim> dims, int[] axes) {
    List<Dim> moved = new ArrayList<>();
    for (int axis : axes) {
      moved.add(dims.get(axis));
    }
    return moved;
  }
}
