package org.distill4j.engine.lowering;

import java.util.List;
import java.util.Optional;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.SliceBounds;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.family.TFloating;

/** Slice with constant starts, ends and steps, of either sign. */
final class SliceLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    SliceBounds.of(site);
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    int rank = site.shape(0).rank();
    Layout layout = assembly.plan().of(site.node().output());
    SliceBounds bounds = SliceBounds.of(site);
    Optional<List<Long>> strides = rank == 4 ? bounds.strides(site) : Optional.empty();
    if (layout == Layout.CHANNELS_LAST && strides.isPresent()) {
      return Subsample.every(assembly.tf(), assembly.in(site, 0, layout), strides.get());
    }
    SliceBounds.Held held = bounds.held(site, layout);
    return assembly
        .tf()
        .stridedSlice(
            assembly.in(site, 0, layout),
            assembly.ints(held.begin()),
            assembly.ints(held.end()),
            assembly.ints(held.step()),
            StridedSlice.beginMask(held.whole()),
            StridedSlice.endMask(held.whole()));
  }
}
