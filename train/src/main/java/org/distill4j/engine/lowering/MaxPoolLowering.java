package org.distill4j.engine.lowering;

import java.util.List;
import java.util.Optional;
import org.distill4j.lowered.KernelPlacement;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * MaxPool of signals and maps.
 *
 * <p>The usual pool of 2 by 2 is the maximum of two rows, then of two columns: TensorFlow's
 * gradient of MaxPool takes a third of a small CNN's training step, this one a tenth of that. A
 * Relu in front is applied behind, to a quarter of the elements; {@code max(relu(x)) =
 * relu(max(x))}.
 */
final class MaxPoolLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    KernelPlacement sliding = sliding(site);
    if (sliding.isDilated() && !sliding.isKnown()) {
      throw site.fault(
          "dilated over "
              + site.shape(0)
              + " (expected: fixed spatial extents); declare them in the model");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Optional<NodeSite> relu = reluBefore(site);
    Operand<T> x = assembly.in(relu.orElse(site), 0, Layout.CHANNELS_LAST);
    Operand<T> y = Padding.linear(tf, site, pool(site, assembly, Padding.planar(tf, site, x)));
    return relu.isPresent() ? tf.nn.relu(y) : y;
  }

  private static <T extends TFloating> Operand<T> pool(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> x) {
    Ops tf = assembly.tf();
    KernelPlacement sliding = sliding(site);
    if (isHalving(sliding.rows()) && isHalving(sliding.columns()) && site.size(0, 1) > 0) {
      return halve(assembly, x, sliding, site.size(0, 1));
    } else if (sliding.isDilated()) {
      return KernelOffsets.of(assembly, Padding.padFully(tf, sliding, x, lowest(assembly)), sliding)
          .stream()
          .reduce(tf.math::maximum)
          .orElseThrow();
    }
    return tf.nn.maxPool(
        Padding.pad(tf, sliding, x, lowest(assembly)),
        tf.constant(sliding.kernel().stream().mapToInt(Long::intValue).toArray()),
        tf.constant(sliding.strides().stream().mapToInt(Long::intValue).toArray()),
        sliding.padding());
  }

  /** The Relu that makes the input, if the pool makes it smaller. */
  private static Optional<NodeSite> reluBefore(NodeSite site) {
    return site.maker(0)
        .filter(maker -> maker.node().op().equals("Relu") && sliding(site).isStrided());
  }

  /** What padding never wins with. */
  private static <T extends TFloating> Operand<T> lowest(TensorFlowGraphBuilder<T> assembly) {
    boolean isDouble = assembly.type() == TFloat64.class;
    return assembly.number(isDouble ? -Double.MAX_VALUE : -Float.MAX_VALUE);
  }

  private static KernelPlacement sliding(NodeSite site) {
    return KernelPlacement.of(site, site.node().intsAttribute("kernel_shape"));
  }

  private static boolean isHalving(KernelPlacement.Axis axis) {
    return axis.known()
        && axis.window().kernel() == 2
        && axis.window().stride() == 2
        && axis.window().dilation() == 1
        && axis.isValid();
  }

  private static <T extends TFloating> Operand<T> halve(
      TensorFlowGraphBuilder<T> assembly, Operand<T> x, KernelPlacement sliding, long channels) {
    Ops tf = assembly.tf();
    long rows = sliding.rows().output();
    long columns = sliding.columns().output();
    Operand<T> even = x;
    if (sliding.rows().size() % 2 != 0 || sliding.columns().size() % 2 != 0) {
      even =
          tf.slice(
              x,
              assembly.ints(0, 0, 0, 0),
              assembly.ints(-1, (int) (2 * rows), (int) (2 * columns), -1));
    }
    Operand<T> flat = maximumOfPairs(tf, even, 2 * columns * channels); // pairs of rows
    Operand<T> half = maximumOfPairs(tf, flat, channels); // pairs of columns
    return tf.reshape(half, tf.constant(new long[] {-1, rows, columns, channels}));
  }

  /** Any array seen as {@code [-1, 2, width]}, reduced over the 2. */
  private static <T extends TFloating> Operand<T> maximumOfPairs(Ops tf, Operand<T> x, long width) {
    Operand<T> pairs = tf.reshape(x, tf.constant(new long[] {-1, 2, width}));
    List<Output<T>> both = tf.unstack(pairs, 2L, Unstack.axis(1L)).output();
    return tf.math.maximum(both.get(0), both.get(1));
  }
}
