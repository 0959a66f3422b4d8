package org.distill4j.engine.lowering;

import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/** GlobalAveragePool: the mean over all positions. */
final class GlobalAveragePoolLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    int rank = site.shape(0).rank();
    if (rank != 3 && rank != 4) {
      throw site.fault("input " + site.shape(0) + " (expected: rank 3 or 4)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    int[] positions = site.shape(0).rank() == 3 ? new int[] {1} : new int[] {1, 2};
    return tf.math.mean(
        assembly.in(site, 0, Layout.CHANNELS_LAST), tf.constant(positions), Mean.keepDims(true));
  }
}
