package org.distill4j.lowered;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.shapes.NodeSite;

/** Axis arithmetic: where the axes of a value stand in each layout. */
public final class Axes {
  private Axes() {}

  /** Where an axis of ONNX stands in a value of that rank. */
  public static int held(Layout layout, int rank, int axis) {
    return layout == Layout.CHANNELS_LAST ? toFirst(rank)[axis] : axis;
  }

  /** Where each axis of {@code [N, ..., C]} stands in {@code [N, C, ...]}. */
  public static int[] toLast(int rank) {
    int[] axes = new int[rank];
    for (int i = 1; i < rank - 1; i++) {
      axes[i] = i + 1;
    }
    axes[rank - 1] = 1;
    return axes;
  }

  /** Where each axis of {@code [N, C, ...]} stands in {@code [N, ..., C]}. */
  public static int[] toFirst(int rank) {
    int[] axes = new int[rank];
    for (int i = 2; i < rank; i++) {
      axes[i] = i - 1;
    }
    axes[1] = rank - 1;
    return axes;
  }

  /**
   * How a value has to be held so that what is left of it, once axes are gone, stands in ONNX's
   * order or is a map that is held as before.
   *
   * @param isLast whether it is held with its channels last
   * @param gone axes of ONNX
   * @param keeps whether they stay with one element
   */
  public static Layout reduced(boolean isLast, int rank, int[] gone, boolean keeps) {
    if (!isLast || keeps || gone.length == 0) {
      return isLast ? Layout.CHANNELS_LAST : Layout.ONNX;
    }
    List<Integer> left =
        IntStream.range(0, rank)
            .filter(axis -> IntStream.of(gone).noneMatch(g -> g == axis))
            .boxed()
            .toList();
    boolean isMap = left.size() > 2 && left.get(0) == 0 && left.get(1) == 1;
    int[] held = toFirst(rank);
    boolean isOrdered =
        IntStream.range(1, left.size()).allMatch(i -> held[left.get(i)] > held[left.get(i - 1)]);
    return isMap || isOrdered ? Layout.CHANNELS_LAST : Layout.ONNX;
  }

  /** The order of axes that a Transpose asks for; all reversed if it says nothing. */
  public static int[] permutation(NodeSite site) {
    int rank = site.shape(0).rank();
    return site.node()
        .optionalInts("perm")
        .map(perm -> Arrays.stream(perm).mapToInt(axis -> (int) axis).toArray())
        .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
  }
}
