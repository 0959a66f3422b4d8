package org.distill4j.engine.lowering;

import java.util.stream.IntStream;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Softmax and its logarithm over one axis. */
enum SoftmaxLowering implements OpLowering {
  /** {@code exp(x) / sum(exp(x))}. */
  SOFTMAX {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> rows) {
      return tf.nn.softmax(rows);
    }
  },
  /** {@code x - log(sum(exp(x)))}. */
  LOG_SOFTMAX {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> rows) {
      return tf.nn.logSoftmax(rows);
    }
  };

  @Override
  public void check(NodeSite site) {
    int axis = site.axis(0, site.node().intAttribute("axis", -1));
    if (site.size(0, axis) < 0) {
      throw site.fault("input " + site.shape(0) + " axis " + axis + " (expected: a known extent)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Layout layout = assembly.plan().of(site.node().output());
    int rank = site.shape(0).rank();
    int axis = site.axis(0, site.node().intAttribute("axis", -1));
    int held = Axes.held(layout, rank, axis);
    Operand<T> x = assembly.in(site, 0, layout);
    if (held == rank - 1) {
      return overLast(tf, x, site.size(0, axis));
    }
    int[] swap = IntStream.range(0, rank).toArray();
    swap[held] = rank - 1;
    swap[rank - 1] = held;
    Operand<T> last = tf.linalg.transpose(x, tf.constant(swap));
    return tf.linalg.transpose(overLast(tf, last, site.size(0, axis)), tf.constant(swap));
  }

  /** TensorFlow's gradient of LogSoftmax wants rank 2. */
  private <T extends TFloating> Operand<T> overLast(Ops tf, Operand<T> x, long classes) {
    if (x.shape().numDimensions() == 2) {
      return apply(tf, x);
    }
    Operand<T> rows = tf.reshape(x, tf.constant(new long[] {-1, classes}));
    return tf.reshape(apply(tf, rows), tf.shape(x));
  }

  abstract <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> rows);
}
