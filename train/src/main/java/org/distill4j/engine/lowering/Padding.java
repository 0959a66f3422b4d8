package org.distill4j.engine.lowering;

import org.distill4j.lowered.KernelPlacement;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.family.TFloating;

/** What {@link KernelPlacement} asks of a map, done within a TensorFlow graph. */
final class Padding {
  private Padding() {}

  /** The input with the padding that TensorFlow cannot add by itself. */
  static <T extends TFloating> Operand<T> pad(
      Ops tf, KernelPlacement sliding, Operand<T> x, Operand<T> with) {
    return sliding.isValid() || sliding.isSame() ? x : padFully(tf, sliding, x, with);
  }

  /** The input with all its padding, after which everything is VALID. */
  static <T extends TFloating> Operand<T> padFully(
      Ops tf, KernelPlacement sliding, Operand<T> x, Operand<T> with) {
    return sliding.isValid() ? x : tf.pad(x, tf.constant(sliding.pads()), with);
  }

  /** A signal as a map of one row; a map as it is. */
  static <T extends TFloating> Operand<T> planar(Ops tf, NodeSite site, Operand<T> x) {
    return site.shape(0).rank() == 3 ? tf.expandDims(x, tf.constant(1)) : x;
  }

  /** The inverse of {@link #planar}. */
  static <T extends TFloating> Operand<T> linear(Ops tf, NodeSite site, Operand<T> x) {
    return site.shape(0).rank() == 3 ? tf.squeeze(x, Squeeze.axis(1L)) : x;
  }
}
