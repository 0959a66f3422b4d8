package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.shapes.NodeSite;
import org.distill4j.shapes.Window;

/**
 * The sliding window of a convolution or pool over a map {@code [N, H, W, C]}. A signal {@code [N,
 * L, C]} is a map of one row.
 */
public record KernelPlacement(Axis rows, Axis columns) {
  /** TensorFlow's name for: as much padding as makes output = ceil(input / stride). */
  public static final String SAME = "SAME";

  /** TensorFlow's name for: no padding. */
  public static final String VALID = "VALID";

  private static final Axis ONE_ROW =
      new Axis(new Window(1, 1, 1, 0, 0, Window.Mode.EXPLICIT, false), 1);

  /**
   * One spatial axis.
   *
   * @param size the input's extent, -1 if unknown
   */
  public record Axis(Window window, long size) {
    /** Whether the extent is a number. */
    public boolean known() {
      return size >= 0;
    }

    /** How many windows there are, -1 if unknown. */
    public long output() {
      return known() ? window.output(size) : -1;
    }

    /** The padding in front. */
    public long begin() {
      return known() ? window.padBegin(size) : window.begin();
    }

    /** How far the last window reaches beyond the input; less than what ONNX pads if it may be. */
    public long end() {
      return known()
          ? Math.max(0, (output() - 1) * window.stride() + window.span() - size - begin())
          : window.end();
    }

    /** Whether TensorFlow's SAME gives the same windows. */
    public boolean isSame() {
      long stride = window.stride();
      if (known()) {
        long total = Math.max(0, (output() - 1) * stride + window.span() - size);
        return output() == (size + stride - 1) / stride && begin() == total / 2;
      }
      long total = window.span() - 1;
      return window.mode() == Window.Mode.SAME_UPPER
          || (stride == 1 && begin() == total / 2 && begin() + end() == total);
    }

    /** Whether there is no padding. */
    public boolean isValid() {
      boolean decided = known() || window.mode() == Window.Mode.EXPLICIT;
      return decided && begin() == 0 && end() == 0;
    }

    /** Whether the windows depend on an extent that is not known. */
    public boolean isUndecided() {
      return !known()
          && (window.ceil()
              || window.mode() == Window.Mode.SAME_LOWER
              || (window.mode() == Window.Mode.SAME_UPPER && !isSame()));
    }
  }

  /** The windows of a node. */
  public static KernelPlacement of(NodeSite site, long... kernel) {
    int rank = site.shape(0).rank();
    if (rank != 3 && rank != 4) {
      throw site.fault(
          "input " + site.shape(0) + " (expected: rank 3 or 4); only signals and maps are trained");
    }
    List<Window> windows = Window.of(site.node(), kernel);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      Axis axis = new Axis(windows.get(i), site.size(0, i + 2));
      if (axis.isUndecided()) {
        throw site.fault(
            "input "
                + site.shape(0)
                + " with auto_pad or ceil_mode (expected: fixed spatial extents); declare them in"
                + " the model");
      }
      axes.add(axis);
    }
    return rank == 3
        ? new KernelPlacement(ONE_ROW, axes.get(0))
        : new KernelPlacement(axes.get(0), axes.get(1));
  }

  /** Whether TensorFlow's SAME gives the same windows on both axes. */
  public boolean isSame() {
    return rows.isSame() && columns.isSame();
  }

  /** Whether there is no padding on either axis. */
  public boolean isValid() {
    return rows.isValid() && columns.isValid();
  }

  /** Whether the kernel has one element. */
  public boolean isPointwise() {
    return rows.window.kernel() == 1 && columns.window.kernel() == 1;
  }

  /** Whether the extents of the input are numbers. */
  public boolean isKnown() {
    return rows.known() && columns.known();
  }

  /** Whether a stride is greater than 1. */
  public boolean isStrided() {
    return rows.window.stride() > 1 || columns.window.stride() > 1;
  }

  /** Whether rows and columns have the same stride. */
  public boolean hasEqualStrides() {
    return strides().get(1).equals(strides().get(2));
  }

  /** Whether a kernel has gaps. */
  public boolean isDilated() {
    return rows.window.dilation() > 1 || columns.window.dilation() > 1;
  }

  /** A single row of windows takes the stride of the columns, which suits all kernels. */
  public List<Long> strides() {
    long down = rows.output() == 1 ? columns.window.stride() : rows.window.stride();
    return List.of(1L, down, columns.window.stride(), 1L);
  }

  /** The kernel, {@code [1, rows, columns, 1]}. */
  public List<Long> kernel() {
    return List.of(1L, rows.window.kernel(), columns.window.kernel(), 1L);
  }

  /** The padding that needs no pad of its own; where it is neither, after that pad it is VALID. */
  public String padding() {
    return isValid() || !isSame() ? VALID : SAME;
  }

  /** All padding, {@code [[0, 0], [top, bottom], [left, right], [0, 0]]}. */
  public int[][] pads() {
    return new int[][] {
      {0, 0},
      {(int) rows.begin(), (int) rows.end()},
      {(int) columns.begin(), (int) columns.end()},
      {0, 0}
    };
  }
}
