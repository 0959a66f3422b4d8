package org.distill4j.engine.lowering;

import java.util.List;
import org.distill4j.lowered.KernelPlacement;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Takes every so many rows and columns of a map {@code [N, H, W, C]}, from the first on.
 *
 * <p>As an average over one element, which has a fast gradient; that of StridedSlice takes four
 * times as long.
 */
final class Subsample {
  private Subsample() {}

  /**
   * The map at rows 0, {@code down}, {@code 2 down}, ... and likewise columns.
   *
   * @param strides as of a convolution, {@code [1, down, right, 1]}
   */
  static <T extends TFloating> Operand<T> every(Ops tf, Operand<T> x, List<Long> strides) {
    boolean all = strides.get(1) == 1 && strides.get(2) == 1;
    return all ? x : tf.nn.avgPool(x, List.of(1L, 1L, 1L, 1L), strides, KernelPlacement.VALID);
  }
}
