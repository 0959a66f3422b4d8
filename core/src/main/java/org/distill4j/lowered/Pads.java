package org.distill4j.lowered;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.distill4j.shapes.NodeSite;

/** The amounts by which a Pad grows each axis. */
public final class Pads {
  private Pads() {}

  /**
   * Before and behind each axis of ONNX; negative where it cuts.
   *
   * @throws org.distill4j.fault.InputFault if they are computed or do not fit the axes
   */
  public static long[][] of(NodeSite site) {
    int rank = site.shape(0).rank();
    long[] pads = site.integers(1, "pads").orElse(new long[0]);
    long[] axes = site.integers(3, "axes").orElseGet(() -> LongStream.range(0, rank).toArray());
    if (pads.length != 2 * axes.length) {
      throw site.fault(
          "pads: "
              + Arrays.toString(pads)
              + " (expected: two for each of "
              + axes.length
              + " axes)");
    }
    long[][] all = new long[rank][2];
    for (int i = 0; i < axes.length; i++) {
      all[site.axis(0, axes[i])] = new long[] {pads[i], pads[i + axes.length]};
    }
    return all;
  }
}
