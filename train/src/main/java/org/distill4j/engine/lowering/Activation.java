package org.distill4j.engine.lowering;

import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.family.TFloating;

/** What is applied to each element by itself, in whatever order they are held. */
enum Activation implements OpLowering {
  /** {@code max(x, 0)}. */
  RELU {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      return a.tf().nn.relu(x);
    }
  },
  /** {@code x} above 0, {@code alpha x} below. */
  LEAKY_RELU {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      float alpha = site.node().floatAttribute("alpha", 0.01f);
      return a.tf().nn.leakyRelu(x, LeakyRelu.alpha(alpha));
    }
  },
  /** {@code min(max(x, low), high)}; either bound may be absent. */
  CLIP {
    @Override
    public void check(NodeSite site) {
      site.number(1, "min");
      site.number(2, "max");
    }

    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      Ops tf = a.tf();
      double low = site.number(1, "min").orElse(Double.NEGATIVE_INFINITY);
      double high = site.number(2, "max").orElse(Double.POSITIVE_INFINITY);
      if (low == 0 && high == 6) {
        return tf.nn.relu6(x);
      }
      Operand<T> y = low == 0 ? tf.nn.relu(x) : tf.identity(x);
      y = low == 0 || low <= -Float.MAX_VALUE ? y : tf.math.maximum(y, a.number(low));
      return high >= Float.MAX_VALUE ? y : tf.math.minimum(y, a.number(high));
    }
  },
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      return a.tf().math.sigmoid(x);
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      return a.tf().math.tanh(x);
    }
  },
  /** {@code max(0, min(1, alpha x + beta))}. */
  HARD_SIGMOID {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      Ops tf = a.tf();
      double alpha = site.node().floatAttribute("alpha", 0.2f);
      double beta = site.node().floatAttribute("beta", 0.5f);
      Operand<T> line = tf.math.add(tf.math.mul(x, a.number(alpha)), a.number(beta));
      return tf.math.minimum(tf.nn.relu(line), a.number(1));
    }
  },
  /** {@code x max(0, min(1, x / 6 + 1 / 2))}. */
  HARD_SWISH {
    @Override
    <T extends TFloating> Operand<T> apply(
        NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x) {
      Ops tf = a.tf();
      Operand<T> gate = tf.nn.relu6(tf.math.add(x, a.number(3)));
      return tf.math.mul(x, tf.math.mul(gate, a.number(1.0 / 6)));
    }
  };

  @Override
  public void check(NodeSite site) {}

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    return apply(site, assembly, assembly.in(site, 0));
  }

  abstract <T extends TFloating> Operand<T> apply(
      NodeSite site, TensorFlowGraphBuilder<T> a, Operand<T> x);
}
