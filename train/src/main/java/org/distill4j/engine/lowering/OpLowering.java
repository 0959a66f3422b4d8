package org.distill4j.engine.lowering;

import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * How one operator becomes TensorFlow operations. Each has no state; what it needs to know of a
 * node it takes from the {@link NodeSite}.
 */
sealed interface OpLowering
    permits Activation,
        Arithmetic,
        AveragePoolLowering,
        BatchNormLowering,
        ConcatLowering,
        ConvLowering,
        DequantizeLowering,
        DropoutLowering,
        GemmLowering,
        IdentityLowering,
        MatMulLowering,
        MaxPoolLowering,
        PadLowering,
        ReductionLowering,
        ReshapeLowering,
        SliceLowering,
        SoftmaxLowering,
        TransposeLowering {
  /**
   * Refuses a node that this lowering cannot carry out.
   *
   * @throws org.distill4j.fault.InputFault naming the node, what is wrong and the way out
   */
  void check(NodeSite site);

  /** Adds the node; gives its first output held as the plan says. */
  <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly);
}
