package org.distill4j.lowered;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.distill4j.shapes.NodeSite;

/** The bounds of a Slice: starts, ends and steps by axis, checked to be as many of each. */
public final class SliceBounds {
  private final long[] starts;
  private final long[] ends;
  private final long[] axes;
  private final long[] steps;

  private SliceBounds(long[] starts, long[] ends, long[] axes, long[] steps) {
    this.starts = starts;
    this.ends = ends;
    this.axes = axes;
    this.steps = steps;
  }

  /** Bounds for every axis of a value as it is held. */
  public static final class Held {
    private final int[] begin;
    private final int[] end;
    private final int[] step;
    private final long whole;

    private Held(int[] begin, int[] end, int[] step, long whole) {
      this.begin = begin;
      this.end = end;
      this.step = step;
      this.whole = whole;
    }

    /** The first index of each axis. */
    public int[] begin() {
      return begin.clone();
    }

    /** The index behind the last of each axis. */
    public int[] end() {
      return end.clone();
    }

    /** The distance between indices of each axis. */
    public int[] step() {
      return step.clone();
    }

    /** A bit for each axis that is taken whole. */
    public long whole() {
      return whole;
    }
  }

  /**
   * Reads a Slice.
   *
   * @throws org.distill4j.fault.InputFault if they are computed or do not fit each other
   */
  public static SliceBounds of(NodeSite site) {
    long[] starts = site.integers(1, "starts").orElse(new long[0]);
    long[] ends = site.integers(2, "ends").orElse(new long[0]);
    long[] axes =
        site.integers(3, "axes").orElseGet(() -> LongStream.range(0, starts.length).toArray());
    long[] steps =
        site.integers(4, "steps")
            .orElseGet(() -> LongStream.generate(() -> 1).limit(starts.length).toArray());
    boolean even =
        ends.length == starts.length
            && axes.length == starts.length
            && steps.length == starts.length;
    if (!even || LongStream.of(steps).anyMatch(s -> s == 0)) {
      throw site.fault(
          "starts, ends, axes, steps: "
              + Arrays.toString(starts)
              + Arrays.toString(ends)
              + Arrays.toString(axes)
              + Arrays.toString(steps)
              + " (expected: as many of each, no step 0)");
    }
    return new SliceBounds(starts, ends, axes, steps);
  }

  /** If whole rows and columns of a map are left out at even distances: the distances. */
  public Optional<List<Long>> strides(NodeSite site) {
    Long[] strides = {1L, 1L, 1L, 1L};
    for (int i = 0; i < axes.length; i++) {
      int axis = site.axis(0, axes[i]);
      boolean toEnd = ends[i] > Integer.MAX_VALUE / 2 || ends[i] == site.size(0, axis);
      if (axis < 2 || starts[i] != 0 || !toEnd || steps[i] < 1) {
        return Optional.empty();
      }
      strides[axis - 1] = steps[i];
    }
    return Optional.of(List.of(strides));
  }

  /** The bounds where the axes stand. */
  public Held held(NodeSite site, Layout layout) {
    int rank = site.shape(0).rank();
    int[] begin = new int[rank];
    int[] end = new int[rank];
    int[] step = new int[rank];
    Arrays.fill(step, 1);
    long whole = (1L << rank) - 1;
    for (int i = 0; i < axes.length; i++) {
      int axis = Axes.held(layout, rank, site.axis(0, axes[i]));
      begin[axis] = clamp(starts[i]);
      end[axis] = clamp(ends[i]);
      step[axis] = clamp(steps[i]);
      whole &= ~(1L << axis);
    }
    return new Held(begin, end, step, whole);
  }

  /** ONNX writes "to the end" as the largest int64; engines want int32. */
  private static int clamp(long index) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, index));
  }
}
