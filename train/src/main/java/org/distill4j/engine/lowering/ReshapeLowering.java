package org.distill4j.engine.lowering;

import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Reshape, Flatten, Squeeze and Unsqueeze. A map flattened to one row per example keeps its
 * channels last, and the Gemm behind it permutes its weights once instead of the map at each step.
 */
final class ReshapeLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    if (MatMulLowering.unknowns(site.outShape()) > 1) {
      throw site.fault(
          "output "
              + site.outShape()
              + " (expected: at most one unknown extent); declare fixed extents in the model");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Shape out = site.outShape();
    if (assembly.plan().of(site.node().output()) == Layout.FLAT_CHANNELS_LAST) {
      Operand<T> map = assembly.in(site, 0, Layout.CHANNELS_LAST);
      return assembly.reshape(map, out.with(0, Dim.UNKNOWN));
    }
    return assembly.reshape(assembly.in(site, 0, Layout.ONNX), out);
  }
}
