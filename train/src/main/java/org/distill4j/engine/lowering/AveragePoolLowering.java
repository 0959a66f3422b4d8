package org.distill4j.engine.lowering;

import org.distill4j.lowered.KernelPlacement;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * AveragePool of signals and maps: a sum over each window, divided by how many elements count,
 * which at the border may be fewer.
 */
final class AveragePoolLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    KernelPlacement sliding = sliding(site);
    if (!sliding.isKnown() && (sliding.isDilated() || !sliding.isValid())) {
      throw site.fault(
          "padded or dilated input "
              + site.shape(0)
              + " (expected: fixed spatial extents); declare them in the model");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Operand<T> x = Padding.planar(tf, site, assembly.in(site, 0, Layout.CHANNELS_LAST));
    KernelPlacement sliding = sliding(site);
    return Padding.linear(tf, site, pool(assembly, x, sliding, includesPads(site)));
  }

  private static <T extends TFloating> Operand<T> pool(
      TensorFlowGraphBuilder<T> assembly,
      Operand<T> x,
      KernelPlacement sliding,
      boolean includesPads) {
    Ops tf = assembly.tf();
    boolean countsAsTensorFlow = sliding.isValid() || (sliding.isSame() && !includesPads);
    if (countsAsTensorFlow && !sliding.isDilated()) {
      return tf.nn.avgPool(x, sliding.kernel(), sliding.strides(), sliding.padding());
    }
    Operand<T> padded = Padding.padFully(tf, sliding, x, assembly.number(0));
    if (sliding.isDilated()) {
      Operand<T> sum = tf.math.addN(KernelOffsets.of(assembly, padded, sliding));
      return tf.math.mul(sum, assembly.constant(weights(sliding, includesPads, 1)));
    }
    long elements = sliding.rows().window().kernel() * sliding.columns().window().kernel();
    Operand<T> mean =
        tf.nn.avgPool(padded, sliding.kernel(), sliding.strides(), KernelPlacement.VALID);
    return tf.math.mul(mean, assembly.constant(weights(sliding, includesPads, elements)));
  }

  /**
   * For each window {@code times} divided by how many of its elements count, {@code [H', W', 1]}.
   */
  private static HostTensor weights(KernelPlacement sliding, boolean includesPads, long times) {
    int rows = (int) sliding.rows().output();
    int columns = (int) sliding.columns().output();
    double[] weights = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        weights[r * columns + c] =
            (double) times
                / (counted(sliding.rows(), r, includesPads)
                    * counted(sliding.columns(), c, includesPads));
      }
    }
    return HostTensor.ofDoubles(Shape.of(rows, columns, 1), weights);
  }

  private static double counted(KernelPlacement.Axis axis, long window, boolean includesPads) {
    long first = window * axis.window().stride() - axis.begin();
    long low = includesPads ? -axis.begin() : 0;
    long high = axis.size() + (includesPads ? axis.window().padEnd(axis.size()) : 0);
    int count = 0;
    for (long i = 0; i < axis.window().kernel(); i++) {
      long position = first + i * axis.window().dilation();
      if (position >= low && position < high) {
        count++;
      }
    }
    return count;
  }

  private static boolean includesPads(NodeSite site) {
    return site.node().intAttribute("count_include_pad", 0) != 0;
  }

  private static KernelPlacement sliding(NodeSite site) {
    return KernelPlacement.of(site, site.node().intsAttribute("kernel_shape"));
  }
}
