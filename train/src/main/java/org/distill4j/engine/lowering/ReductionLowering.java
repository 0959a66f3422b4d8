package org.distill4j.engine.lowering;

import java.util.stream.IntStream;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/** Means and sums over axes, which are left out or kept with one element. */
enum ReductionLowering implements OpLowering {
  /** GlobalAveragePool: the mean over all positions. */
  GLOBAL_AVERAGE {
    @Override
    public void check(NodeSite site) {
      int rank = site.shape(0).rank();
      if (rank != 3 && rank != 4) {
        throw site.fault("input " + site.shape(0) + " (expected: rank 3 or 4)");
      }
    }

    @Override
    int[] axes(NodeSite site) {
      return IntStream.range(2, site.shape(0).rank()).toArray();
    }

    @Override
    <T extends TFloating> Operand<T> reduce(Ops tf, Operand<T> x, int[] axes, boolean keeps) {
      return MEAN.reduce(tf, x, axes, keeps);
    }
  },
  /** ReduceMean. */
  MEAN {
    @Override
    <T extends TFloating> Operand<T> reduce(Ops tf, Operand<T> x, int[] axes, boolean keeps) {
      return tf.math.mean(x, tf.constant(axes), Mean.keepDims(keeps));
    }
  },
  /** ReduceSum. */
  SUM {
    @Override
    <T extends TFloating> Operand<T> reduce(Ops tf, Operand<T> x, int[] axes, boolean keeps) {
      return tf.sum(x, tf.constant(axes), Sum.keepDims(keeps));
    }
  };

  @Override
  public void check(NodeSite site) {
    axes(site);
  }

  /** Those of ONNX; all where none are given, unless that means none. */
  int[] axes(NodeSite site) {
    long[] given = site.integers(1, "axes").orElse(new long[0]);
    if (given.length > 0) {
      return IntStream.range(0, given.length).map(i -> site.axis(0, given[i])).sorted().toArray();
    }
    boolean isNone = site.node().intAttribute("noop_with_empty_axes", 0) != 0;
    return IntStream.range(0, isNone ? 0 : site.shape(0).rank()).toArray();
  }

  abstract <T extends TFloating> Operand<T> reduce(Ops tf, Operand<T> x, int[] axes, boolean keeps);

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    int rank = site.shape(0).rank();
    int[] axes = axes(site);
    boolean keeps = site.node().intAttribute("keepdims", 1) != 0;
    boolean isLast =
        assembly.plan().of(site, 0) == Layout.CHANNELS_LAST
            || assembly.plan().of(site.node().output()) == Layout.CHANNELS_LAST;
    Layout layout = Axes.reduced(isLast, rank, axes, keeps);
    int[] held = IntStream.of(axes).map(axis -> Axes.held(layout, rank, axis)).sorted().toArray();
    return reduce(assembly.tf(), assembly.in(site, 0, layout), held, keeps);
  }
}
