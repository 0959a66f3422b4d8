package org.distill4j.engine.lowering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Transpose. From a map with channels last to a transposed one is one transposition, and none where
 * the model itself goes between NCHW and NHWC.
 */
final class TransposeLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    int rank = site.shape(0).rank();
    int[] sorted = Axes.permutation(site);
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, rank).toArray())) {
      throw site.fault(
          "perm: "
              + Arrays.toString(site.node().intsAttribute("perm"))
              + " (expected: a permutation of "
              + rank
              + " axes)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    int rank = site.shape(0).rank();
    int[] permutation = Axes.permutation(site);
    if (assembly.plan().of(site.node().output()) == Layout.CHANNELS_LAST) {
      return assembly.in(site, 0, Layout.ONNX);
    }
    boolean last = assembly.plan().of(site, 0) == Layout.CHANNELS_LAST;
    Operand<T> x = assembly.in(site, 0, last ? Layout.CHANNELS_LAST : Layout.ONNX);
    if (last) {
      int[] held = Axes.toFirst(rank);
      permutation = Arrays.stream(permutation).map(axis -> held[axis]).toArray();
    }
    return Arrays.equals(permutation, IntStream.range(0, rank).toArray())
        ? assembly.tf().identity(x)
        : assembly.tf().linalg.transpose(x, assembly.ints(permutation));
  }
}
