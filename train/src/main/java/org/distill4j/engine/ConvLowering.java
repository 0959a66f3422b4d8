package org.distill4j.engine;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.family.TFloating;

/**
 * Conv of signals and maps: whole, depthwise, or in groups (split, convolved, concatenated, since
 * TensorFlow's grouped kernel has no gradient on processors).
 */
final class ConvLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    Shape kernels = site.shape(1);
    if (!kernels.isStatic()) {
      throw site.fault("weights " + kernels + " (expected: known extents)");
    }
    sliding(site);
    long group = group(site);
    if (group < 1 || kernels.size(0) % group != 0) {
      throw site.fault("group: " + group + " (expected: a divisor of " + kernels.size(0) + ")");
    }
  }

  @Override
  public Layout layout(NodeSite site, LayoutPlan plan) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public VariableLayout stored(NodeSite site, LayoutPlan plan, int input) {
    Shape shape = site.shape(input);
    if (input != 1) {
      return VariableLayout.asIs(shape);
    }
    return isDepthwise(site)
        ? VariableLayout.depthwise(shape, group(site))
        : VariableLayout.conv(shape);
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, Assembly<T> assembly) {
    Ops tf = assembly.tf();
    Operand<T> x = Sliding.planar(tf, site, assembly.in(site, 0, Layout.CHANNELS_LAST));
    Operand<T> kernels = assembly.stored(site, 1);
    Sliding sliding = sliding(site);
    Operand<T> y =
        isDepthwise(site)
            ? depthwise(assembly, x, kernels, sliding)
            : grouped(assembly, x, kernels, sliding, group(site));
    if (site.node().hasInput(2)) {
      y = tf.nn.biasAdd(y, assembly.stored(site, 2));
    }
    return Sliding.linear(tf, site, y);
  }

  private static <T extends TFloating> Operand<T> grouped(
      Assembly<T> assembly, Operand<T> x, Operand<T> kernels, Sliding sliding, long group) {
    Ops tf = assembly.tf();
    Operand<T> padded = sliding.pad(tf, x, assembly.number(0));
    if (group == 1) {
      return conv(tf, padded, kernels, sliding);
    }
    List<Output<T>> xs = tf.split(tf.constant(3), padded, group).output();
    List<Output<T>> ks = tf.split(tf.constant(3), kernels, group).output();
    List<Operand<T>> parts = new ArrayList<>();
    for (int g = 0; g < group; g++) {
      parts.add(conv(tf, xs.get(g), ks.get(g), sliding));
    }
    return tf.concat(parts, tf.constant(3));
  }

  private static <T extends TFloating> Operand<T> conv(
      Ops tf, Operand<T> x, Operand<T> kernels, Sliding sliding) {
    return tf.nn.conv2d(
        x,
        kernels,
        sliding.strides(),
        sliding.padding(),
        Conv2d.dilations(
            List.of(
                1L,
                sliding.rows().window().dilation(),
                sliding.columns().window().dilation(),
                1L)));
  }

  /**
   * TensorFlow's kernel wants equal strides and no dilation: a dilated kernel is spread with zeros,
   * and of unequal strides all windows are computed and the wanted ones taken.
   */
  private static <T extends TFloating> Operand<T> depthwise(
      Assembly<T> assembly, Operand<T> x, Operand<T> kernels, Sliding sliding) {
    Ops tf = assembly.tf();
    Operand<T> spread = sliding.isDilated() ? spread(assembly, kernels, sliding) : kernels;
    long down = sliding.rows().window().stride();
    long right = sliding.columns().window().stride();
    if (sliding.rows().output() == 1) {
      down = right; // one row of windows: any stride will do
    }
    if (down == right) {
      List<Long> strides = List.of(1L, down, right, 1L);
      return sliding.isValid() || sliding.isSame()
          ? tf.nn.depthwiseConv2dNative(x, spread, strides, sliding.padding())
          : tf.nn.depthwiseConv2dNative(
              x,
              spread,
              strides,
              "EXPLICIT",
              DepthwiseConv2dNative.explicitPaddings(sliding.pads()));
    }
    Operand<T> all =
        tf.nn.depthwiseConv2dNative(
            x,
            spread,
            List.of(1L, 1L, 1L, 1L),
            "EXPLICIT",
            DepthwiseConv2dNative.explicitPaddings(sliding.pads()));
    return tf.stridedSlice(
        all,
        assembly.ints(0, 0, 0, 0),
        assembly.ints(0, 0, 0, 0),
        assembly.ints(1, (int) down, (int) right, 1),
        StridedSlice.beginMask(15L),
        StridedSlice.endMask(15L));
  }

  /** Kernels {@code [H, W, C, M]} with zeros between their elements. */
  private static <T extends TFloating> Operand<T> spread(
      Assembly<T> assembly, Operand<T> kernels, Sliding sliding) {
    Ops tf = assembly.tf();
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
            tf.pad(cells, tf.constant(zeros), assembly.number(0)),
            tf.constant(new long[] {h * down, w * right, sizes[2], sizes[3]}));
    return tf.slice(
        wide,
        assembly.ints(0, 0, 0, 0),
        assembly.ints(
            (int) sliding.rows().window().span(), (int) sliding.columns().window().span(), -1, -1));
  }

  private static Sliding sliding(NodeSite site) {
    long[] kernels = site.shape(1).sizes();
    long[] extents = new long[kernels.length - 2];
    System.arraycopy(kernels, 2, extents, 0, extents.length);
    return Sliding.of(site, extents);
  }

  private static long group(NodeSite site) {
    return site.node().intAttribute("group", 1);
  }

  private static boolean isDepthwise(NodeSite site) {
    return group(site) > 1 && site.shape(1).size(1) == 1;
  }
}
