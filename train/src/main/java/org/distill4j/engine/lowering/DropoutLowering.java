package org.distill4j.engine.lowering;

import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Dropout: for training, each element is kept with probability {@code 1 - ratio} and then divided
 * by it. The random numbers are a function of the run's seed, the step and the node.
 */
final class DropoutLowering implements OpLowering {
  /** 2^64 divided by the golden ratio: sends neighbouring nodes far apart. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  @Override
  public void check(NodeSite site) {
    double ratio = ratio(site);
    if (!(ratio >= 0 && ratio < 1)) {
      throw site.fault("ratio: " + ratio + " (expected: 0 <= ratio < 1)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Operand<T> x = assembly.in(site, 0);
    double ratio = ratio(site);
    if (ratio == 0 || !(assembly.mode() instanceof LoweringMode.Training training)) {
      return tf.identity(x);
    }
    Operand<TInt64> node = tf.constant(new long[] {SPREAD * (site.index() + 1), 0});
    Operand<TInt64> seed = tf.math.add(training.seedAndStep(), node);
    Operand<TFloat32> random = tf.random.statelessRandomUniform(tf.shape(x), seed);
    Operand<T> kept =
        tf.dtypes.cast(tf.math.greaterEqual(random, tf.constant((float) ratio)), assembly.type());
    return tf.math.mul(x, tf.math.mul(kept, assembly.number(1 / (1 - ratio))));
  }

  private static double ratio(NodeSite site) {
    return site.number(1, "ratio").orElse(0.5);
  }
}
