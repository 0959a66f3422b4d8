package org.distill4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.tensorflow.Operand;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.family.TFloating;

/** Slice with constant starts, ends and steps, of either sign. */
final class SliceLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    Bounds.of(site);
  }

  @Override
  public Layout layout(NodeSite site, LayoutPlan plan) {
    return Axes.kept(site, plan);
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, Assembly<T> assembly) {
    int rank = site.shape(0).rank();
    Layout layout = layout(site, assembly.plan());
    Bounds bounds = Bounds.of(site);
    Optional<List<Long>> strides = rank == 4 ? bounds.strides(site) : Optional.empty();
    if (layout == Layout.CHANNELS_LAST && strides.isPresent()) {
      return Subsample.every(assembly.tf(), assembly.in(site, 0, layout), strides.get());
    }
    int[] begin = new int[rank];
    int[] end = new int[rank];
    int[] step = new int[rank];
    Arrays.fill(step, 1);
    long whole = (1L << rank) - 1;
    for (int i = 0; i < bounds.axes.length; i++) {
      int axis = Axes.held(layout, rank, site.axis(0, bounds.axes[i]));
      begin[axis] = clamp(bounds.starts[i]);
      end[axis] = clamp(bounds.ends[i]);
      step[axis] = clamp(bounds.steps[i]);
      whole &= ~(1L << axis);
    }
    return assembly
        .tf()
        .stridedSlice(
            assembly.in(site, 0, layout),
            assembly.ints(begin),
            assembly.ints(end),
            assembly.ints(step),
            StridedSlice.beginMask(whole),
            StridedSlice.endMask(whole));
  }

  /** ONNX writes "to the end" as the largest int64; TensorFlow's gradient wants int32. */
  private static int clamp(long index) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, index));
  }

  /** From where to where along which axes, checked to be as many of each. */
  private static final class Bounds {
    private final long[] starts;
    private final long[] ends;
    private final long[] axes;
    private final long[] steps;

    private Bounds(long[] starts, long[] ends, long[] axes, long[] steps) {
      this.starts = starts;
      this.ends = ends;
      this.axes = axes;
      this.steps = steps;
    }

    /** If whole rows and columns are left out at even distances: the distances. */
    Optional<List<Long>> strides(NodeSite site) {
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

    static Bounds of(NodeSite site) {
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
      return new Bounds(starts, ends, axes, steps);
    }
  }
}
