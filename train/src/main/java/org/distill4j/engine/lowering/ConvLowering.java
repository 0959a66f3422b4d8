package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.KernelPlacement;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.WeightLayoutRules;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Conv of signals and maps, by what TensorFlow 2.18 computes correctly on processors, gradients
 * included:
 *
 * <ul>
 *   <li>groups are split, convolved and concatenated; the grouped kernel has no gradient;
 *   <li>1 by 1 kernels with strides see a subsampled map: oneDNN's own gradient of them is wrong
 *       and writes beyond its memory where there are fewer than 8 channels;
 *   <li>depthwise kernels want equal strides: of unequal ones all windows are computed and the
 *       wanted ones taken;
 *   <li>for gaps in a kernel see {@link Dilation}.
 * </ul>
 */
final class ConvLowering implements OpLowering {
  private static final List<Long> UNIT = List.of(1L, 1L, 1L, 1L);

  @Override
  public void check(NodeSite site) {
    Shape kernels = site.shape(1);
    if (!kernels.isStatic()) {
      throw site.fault("weights " + kernels + " (expected: known extents)");
    }
    KernelPlacement sliding = sliding(site);
    boolean same = sliding.isSame() && !sliding.isValid();
    if (WeightLayoutRules.isDepthwise(site)
        && !sliding.hasEqualStrides()
        && same
        && !sliding.isKnown()) {
      throw site.fault(
          "depthwise with unequal strides over "
              + site.shape(0)
              + " (expected: fixed spatial extents); declare them in the model");
    }
    long group = WeightLayoutRules.group(site);
    if (group < 1 || kernels.size(0) % group != 0) {
      throw site.fault("group: " + group + " (expected: a divisor of " + kernels.size(0) + ")");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Operand<T> x = Padding.planar(tf, site, assembly.in(site, 0, Layout.CHANNELS_LAST));
    Operand<T> y = convolve(site, assembly, x, assembly.stored(site, 1));
    if (site.node().hasInput(2)) {
      y = tf.nn.biasAdd(y, assembly.stored(site, 2));
    }
    return Padding.linear(tf, site, y);
  }

  private static <T extends TFloating> Operand<T> convolve(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> x, Operand<T> kernels) {
    Ops tf = assembly.tf();
    KernelPlacement sliding = sliding(site);
    if (sliding.isPointwise()) {
      Operand<T> padded = Padding.padFully(tf, sliding, x, assembly.number(0));
      Operand<T> seen = Subsample.every(tf, padded, sliding.strides());
      return apply(site, tf, seen, kernels, UNIT, KernelPlacement.VALID);
    }
    Dilation dilation = new Dilation(tf, sliding);
    if (dilation.canInterleave()) {
      Operand<T> phases = dilation.interleave(x);
      return dilation.deinterleave(apply(site, tf, phases, kernels, UNIT, KernelPlacement.VALID));
    }
    Operand<T> dense = sliding.isDilated() ? dilation.spread(kernels, assembly.number(0)) : kernels;
    if (WeightLayoutRules.isDepthwise(site) && !sliding.hasEqualStrides()) {
      Operand<T> padded = Padding.padFully(tf, sliding, x, assembly.number(0));
      Operand<T> all = apply(site, tf, padded, dense, UNIT, KernelPlacement.VALID);
      return Subsample.every(tf, all, sliding.strides());
    }
    Operand<T> padded = Padding.pad(tf, sliding, x, assembly.number(0));
    return apply(site, tf, padded, dense, sliding.strides(), sliding.padding());
  }

  private static <T extends TFloating> Operand<T> apply(
      NodeSite site, Ops tf, Operand<T> x, Operand<T> kernels, List<Long> strides, String padding) {
    long group = WeightLayoutRules.group(site);
    if (group == 1) {
      return tf.nn.conv2d(x, kernels, strides, padding);
    } else if (WeightLayoutRules.isDepthwise(site)) {
      return tf.nn.depthwiseConv2dNative(x, kernels, strides, padding);
    }
    List<Output<T>> xs = tf.split(tf.constant(3), x, group).output();
    List<Output<T>> ks = tf.split(tf.constant(3), kernels, group).output();
    List<Operand<T>> parts = new ArrayList<>();
    for (int g = 0; g < group; g++) {
      parts.add(tf.nn.conv2d(xs.get(g), ks.get(g), strides, padding));
    }
    return tf.concat(parts, tf.constant(3));
  }

  private static KernelPlacement sliding(NodeSite site) {
    long[] kernels = site.shape(1).sizes();
    long[] extents = new long[kernels.length - 2];
    System.arraycopy(kernels, 2, extents, 0, extents.length);
    return KernelPlacement.of(site, extents);
  }
}
