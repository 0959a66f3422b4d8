package org.distill4j.engine.lowering;

import org.distill4j.lowered.KernelPlacement;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions whose kernel has gaps. TensorFlow computes them on processors, but not their
 * gradients, so they become dense ones: over each phase of the input by itself, or with a kernel
 * that has zeros in its gaps where strides or unknown extents rule that out.
 */
record Dilation(Ops tf, KernelPlacement sliding) {
  /** Whether the input can be taken apart into phases. */
  boolean canInterleave() {
    return sliding.isDilated() && !sliding.isStrided() && sliding.isKnown();
  }

  /** The padded input with its phases, of which there are dilation times dilation, as a batch. */
  <T extends TFloating> Operand<T> interleave(Operand<T> x) {
    int[][] pads = {
      {(int) sliding.rows().begin(), (int) (sliding.rows().end() + surplus(sliding.rows()))},
      {
        (int) sliding.columns().begin(),
        (int) (sliding.columns().end() + surplus(sliding.columns()))
      }
    };
    return tf.spaceToBatchNd(x, steps(), tf.constant(pads));
  }

  /** The phases of a dense convolution's output put together. */
  <T extends TFloating> Operand<T> deinterleave(Operand<T> y) {
    int[][] crops = {{0, surplus(sliding.rows())}, {0, surplus(sliding.columns())}};
    return tf.batchToSpaceNd(y, steps(), tf.constant(crops));
  }

  private Operand<TInt32> steps() {
    return tf.constant(
        new int[] {
          (int) sliding.rows().window().dilation(), (int) sliding.columns().window().dilation()
        });
  }

  /** What is missing to a multiple of the dilation. */
  private static int surplus(KernelPlacement.Axis axis) {
    long padded = axis.begin() + axis.size() + axis.end();
    return (int) Math.floorMod(-padded, axis.window().dilation());
  }

  /** Kernels {@code [H, W, C, M]} with zeros in their gaps. */
  <T extends TFloating> Operand<T> spread(Operand<T> kernels, Operand<T> zero) {
    long h = sliding.rows().window().kernel();
    long w = sliding.columns().window().kernel();
    int down = (int) sliding.rows().window().dilation();
    int right = (int) sliding.columns().window().dilation();
    long[] sizes = kernels.shape().asArray();
    Operand<T> cells =
        tf.reshape(kernels, tf.constant(new long[] {h, 1, w, 1, sizes[2], sizes[3]}));
    int[][] zeros = {{0, 0}, {0, down - 1}, {0, 0}, {0, right - 1}, {0, 0}, {0, 0}};
    Operand<T> wide =
        tf.reshape(
            tf.pad(cells, tf.constant(zeros), zero),
            tf.constant(new long[] {h * down, w * right, sizes[2], sizes[3]}));
    int rows = (int) sliding.rows().window().span();
    int columns = (int) sliding.columns().window().span();
    int[] spans = {rows, columns, -1, -1};
    return tf.slice(wide, tf.constant(new int[4]), tf.constant(spans));
  }
}
