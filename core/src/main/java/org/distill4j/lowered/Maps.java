package org.distill4j.lowered;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.distill4j.lowered.LoweredOperator.Motion;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What convolutions and pools ask of maps {@code [N, H, W, C]}; a signal is a map of one row. */
final class Maps {
  private Maps() {}

  /** The input of a node, a signal as a map of one row. */
  static LoweredValue planar(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, Layout.CHANNELS_LAST);
    return x.shape().rank() == 3 ? draft.reshape(x, planar(x.shape())) : x;
  }

  /** The shape of a node's output, a signal as a map of one row. */
  static Shape planarOut(NodeSite site, LoweredGraphDraft draft) {
    Shape out = draft.heldShape(site.outShape(), Layout.CHANNELS_LAST);
    return out.rank() == 3 ? planar(out) : out;
  }

  private static Shape planar(Shape signal) {
    return Shape.of(List.of(signal.dim(0), Dim.of(1), signal.dim(1), signal.dim(2)));
  }

  /** The inverse of {@link #planar(NodeSite, LoweredGraphDraft)}. */
  static LoweredValue linear(NodeSite site, LoweredGraphDraft draft, LoweredValue y) {
    return draft.reshape(y, draft.heldShape(site.outShape(), Layout.CHANNELS_LAST));
  }

  static Motion motion(KernelPlacement sliding) {
    List<Long> strides = sliding.strides();
    return new Motion(
        (int) sliding.rows().window().kernel(),
        (int) sliding.columns().window().kernel(),
        strides.get(1).intValue(),
        strides.get(2).intValue(),
        (int) sliding.rows().window().dilation(),
        (int) sliding.columns().window().dilation(),
        sliding.padding().equals(KernelPlacement.SAME));
  }

  static Motion withoutPadding(Motion m) {
    return new Motion(
        m.kernelRows(),
        m.kernelColumns(),
        m.down(),
        m.right(),
        m.dilationRows(),
        m.dilationColumns(),
        false);
  }

  /** The input with the padding that the formats cannot add by themselves. */
  static LoweredValue padded(
      LoweredGraphDraft draft, KernelPlacement sliding, LoweredValue x, float with) {
    return sliding.isValid() || sliding.isSame() ? x : paddedFully(draft, sliding, x, with);
  }

  /** The input with all its padding, after which there is none to add. */
  static LoweredValue paddedFully(
      LoweredGraphDraft draft, KernelPlacement sliding, LoweredValue x, float with) {
    if (sliding.isValid()) {
      return x;
    }
    int[][] pads = sliding.pads();
    List<List<Integer>> all = Arrays.stream(pads).map(p -> List.of(p[0], p[1])).toList();
    Shape shape = x.shape();
    for (int axis = 1; axis < 3; axis++) {
      shape = shape.with(axis, Dim.of(shape.size(axis) + pads[axis][0] + pads[axis][1]));
    }
    LoweredValue padded =
        draft.emit(new LoweredOperator.Pad(all, with), "padded", shape, x.type(), x);
    return x.scaling().filter(s -> s.says(with)).isPresent() ? draft.inherit(x, padded) : padded;
  }

  /**
   * For each window how many elements it has divided by how many of them count, {@code [1, H', W',
   * 1]}.
   */
  static HostTensor counts(KernelPlacement sliding, boolean includesPads) {
    int rows = (int) sliding.rows().output();
    int columns = (int) sliding.columns().output();
    double elements =
        (double) sliding.rows().window().kernel() * sliding.columns().window().kernel();
    float[] weights = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double counted =
            counted(sliding.rows(), r, includesPads) * counted(sliding.columns(), c, includesPads);
        weights[r * columns + c] = (float) (elements / counted);
      }
    }
    return HostTensor.ofFloats(Shape.of(1, rows, columns, 1), weights);
  }

  private static double counted(KernelPlacement.Axis axis, long window, boolean includesPads) {
    long first = window * axis.window().stride() - axis.begin();
    long low = includesPads ? -axis.begin() : 0;
    long high = axis.size() + (includesPads ? axis.window().padEnd(axis.size()) : 0);
    long last = first + axis.window().kernel();
    return Math.min(last, high) - Math.max(first, low);
  }

  /** Columns {@code part * width} and on of an array's last axis. */
  static HostTensor columns(HostTensor tensor, int part, int width) {
    int last = (int) tensor.shape().size(tensor.shape().rank() - 1);
    int bytes = tensor.type().bytes();
    ByteBuffer source = tensor.bytes();
    int rows = (int) (tensor.elements() / last);
    ByteBuffer target = ByteBuffer.allocate(rows * width * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      target.put(source.slice((row * last + part * width) * bytes, width * bytes));
    }
    Shape shape = tensor.shape().with(tensor.shape().rank() - 1, Dim.of(width));
    return HostTensor.of(tensor.type(), shape, target.flip());
  }
}
