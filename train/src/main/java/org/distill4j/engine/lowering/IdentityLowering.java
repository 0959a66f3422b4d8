package org.distill4j.engine.lowering;

import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Identity of something computed; of a constant it is another name. */
final class IdentityLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {}

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    return assembly.tf().identity(assembly.in(site, 0));
  }
}
