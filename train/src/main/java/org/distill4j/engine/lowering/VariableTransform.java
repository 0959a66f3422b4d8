package org.distill4j.engine.lowering;

import java.util.List;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TType;

/** A {@link VariableLayout} applied within a TensorFlow graph. */
final class VariableTransform {
  private VariableTransform() {}

  /** An ONNX array as TensorFlow holds it. */
  static <T extends TType> Operand<T> toTensorFlow(Ops tf, VariableLayout layout, Operand<T> x) {
    return layout.isAsIs()
        ? x
        : rearrange(tf, x, layout.factors(), layout.permutation(), layout.tensorFlow());
  }

  /** The inverse of {@link #toTensorFlow}. */
  static <T extends TType> Operand<T> toOnnx(Ops tf, VariableLayout layout, Operand<T> x) {
    return layout.isAsIs()
        ? x
        : rearrange(tf, x, layout.permuted(), layout.inverse(), layout.onnx());
  }

  private static <T extends TType> Operand<T> rearrange(
      Ops tf, Operand<T> x, List<Long> split, List<Integer> order, Shape target) {
    Operand<T> parts = tf.reshape(x, tf.constant(split.stream().mapToLong(i -> i).toArray()));
    int[] axes = order.stream().mapToInt(i -> i).toArray();
    return tf.reshape(tf.linalg.transpose(parts, tf.constant(axes)), tf.constant(target.sizes()));
  }
}
