package org.distill4j.engine;

import java.util.Arrays;
import java.util.stream.IntStream;
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
    int[] sorted = permutation(site);
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
  public Layout layout(NodeSite site, LayoutPlan plan) {
    int rank = site.shape(0).rank();
    boolean toFirst =
        (rank == 3 || rank == 4) && Arrays.equals(permutation(site), Conversion.toFirst(rank));
    return toFirst && plan.of(site, 0) == Layout.ONNX ? Layout.CHANNELS_LAST : Layout.ONNX;
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, Assembly<T> assembly) {
    int rank = site.shape(0).rank();
    int[] permutation = permutation(site);
    if (layout(site, assembly.plan()) == Layout.CHANNELS_LAST) {
      return assembly.in(site, 0, Layout.ONNX);
    }
    boolean last = assembly.plan().of(site, 0) == Layout.CHANNELS_LAST;
    Operand<T> x = assembly.in(site, 0, last ? Layout.CHANNELS_LAST : Layout.ONNX);
    if (last) {
      int[] held = Conversion.toFirst(rank);
      permutation = Arrays.stream(permutation).map(axis -> held[axis]).toArray();
    }
    return Arrays.equals(permutation, IntStream.range(0, rank).toArray())
        ? assembly.tf().identity(x)
        : assembly.tf().linalg.transpose(x, assembly.ints(permutation));
  }

  private static int[] permutation(NodeSite site) {
    int rank = site.shape(0).rank();
    return site.node()
        .optionalInts("perm")
        .map(perm -> Arrays.stream(perm).mapToInt(axis -> (int) axis).toArray())
        .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
  }
}
