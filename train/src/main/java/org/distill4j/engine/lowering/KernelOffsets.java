package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.KernelPlacement;
import org.tensorflow.Operand;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.family.TFloating;

/** What each element of a pool's kernel sees: for the dilated pools that TensorFlow has not. */
final class KernelOffsets {
  private KernelOffsets() {}

  /**
   * One map {@code [N, H', W', C]} per element of the kernel.
   *
   * @param x the padded input; its spatial extents are known
   */
  static <T extends TFloating> List<Operand<T>> of(
      TensorFlowGraphBuilder<T> assembly, Operand<T> x, KernelPlacement sliding) {
    List<Operand<T>> seen = new ArrayList<>();
    for (long i = 0; i < sliding.rows().window().kernel(); i++) {
      for (long j = 0; j < sliding.columns().window().kernel(); j++) {
        seen.add(slice(assembly, x, sliding, i, j));
      }
    }
    return seen;
  }

  private static <T extends TFloating> Operand<T> slice(
      TensorFlowGraphBuilder<T> assembly, Operand<T> x, KernelPlacement sliding, long i, long j) {
    KernelPlacement.Axis rows = sliding.rows();
    KernelPlacement.Axis columns = sliding.columns();
    int top = Math.toIntExact(i * rows.window().dilation());
    int left = Math.toIntExact(j * columns.window().dilation());
    return assembly
        .tf()
        .stridedSlice(
            x,
            assembly.ints(0, top, left, 0),
            assembly.ints(0, behind(rows, top), behind(columns, left), 0),
            assembly.ints(1, (int) rows.window().stride(), (int) columns.window().stride(), 1),
            StridedSlice.beginMask(0b1001L),
            StridedSlice.endMask(0b1001L));
  }

  private static int behind(KernelPlacement.Axis axis, int first) {
    return Math.toIntExact(first + (axis.output() - 1) * axis.window().stride() + 1);
  }
}
