package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** Concat; if any part has its channels last, the others follow. */
final class ConcatLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    site.axis(0, site.node().intAttribute("axis", 0));
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Layout layout = assembly.plan().of(site.node().output());
    List<Operand<T>> parts = new ArrayList<>();
    for (int i = 0; i < site.node().inputs().size(); i++) {
      parts.add(assembly.in(site, i, layout));
    }
    int axis = site.axis(0, site.node().intAttribute("axis", 0));
    int held = Axes.held(layout, site.shape(0).rank(), axis);
    return parts.size() == 1
        ? assembly.tf().identity(parts.get(0))
        : assembly.tf().concat(parts, assembly.tf().constant(held));
  }
}
