package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.distill4j.lowered.Axes;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.Pads;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.family.TFloating;

/** Pad with a constant, by reflection or by repeating the edge; a negative pad cuts. */
final class PadLowering implements OpLowering {
  private static final List<String> MODES = List.of("constant", "reflect", "edge");

  @Override
  public void check(NodeSite site) {
    if (!MODES.contains(mode(site))) {
      throw site.fault("mode: " + mode(site) + " (expected: one of " + MODES + ")");
    }
    long[][] pads = Pads.of(site);
    boolean cuts = Arrays.stream(pads).anyMatch(p -> p[0] < 0 || p[1] < 0);
    if (cuts && !mode(site).equals("constant")) {
      throw site.fault(
          "pads: "
              + Arrays.deepToString(pads)
              + " (expected: >= 0 in mode "
              + mode(site)
              + "); cut with a Slice");
    }
    site.number(2, "constant_value");
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    Layout layout = assembly.plan().of(site.node().output());
    Operand<T> x = assembly.in(site, 0, layout);
    long[][] pads = Pads.of(site);
    int rank = pads.length;
    int[][] held = new int[rank][2];
    int[] cutBefore = new int[rank];
    int[] cutBehind = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int at = Axes.held(layout, rank, axis);
      held[at][0] = (int) Math.max(0, pads[axis][0]);
      held[at][1] = (int) Math.max(0, pads[axis][1]);
      cutBefore[at] = (int) Math.max(0, -pads[axis][0]);
      cutBehind[at] = (int) Math.max(0, -pads[axis][1]);
    }
    return switch (mode(site)) {
      case "reflect" -> tf.mirrorPad(x, tf.constant(held), "REFLECT");
      case "edge" -> edge(tf, x, held);
      default ->
          tf.pad(
              cut(tf, x, cutBefore, cutBehind),
              tf.constant(held),
              assembly.number(site.number(2, "constant_value").orElse(0.0)));
    };
  }

  private static <T extends TFloating> Operand<T> cut(
      Ops tf, Operand<T> x, int[] before, int[] behind) {
    if (Arrays.stream(before).sum() + Arrays.stream(behind).sum() == 0) {
      return x;
    }
    int[] ends = Arrays.stream(behind).map(n -> -n).toArray();
    int[] steps = new int[ends.length];
    Arrays.fill(steps, 1);
    long toEnd = 0;
    for (int axis = 0; axis < ends.length; axis++) {
      toEnd |= ends[axis] == 0 ? 1L << axis : 0;
    }
    return tf.stridedSlice(
        x, tf.constant(before), tf.constant(ends), tf.constant(steps), StridedSlice.endMask(toEnd));
  }

  private static <T extends TFloating> Operand<T> edge(Ops tf, Operand<T> x, int[][] pads) {
    Operand<T> y = x;
    for (int axis = 0; axis < pads.length; axis++) {
      if (pads[axis][0] + pads[axis][1] > 0) {
        List<Operand<T>> parts = new ArrayList<>();
        parts.addAll(Collections.nCopies(pads[axis][0], border(tf, y, pads.length, axis, true)));
        parts.add(y);
        parts.addAll(Collections.nCopies(pads[axis][1], border(tf, y, pads.length, axis, false)));
        y = tf.concat(parts, tf.constant(axis));
      }
    }
    return y;
  }

  /** The first or last slice along an axis. */
  private static <T extends TFloating> Operand<T> border(
      Ops tf, Operand<T> x, int rank, int axis, boolean first) {
    int[] before = new int[rank];
    int[] ends = new int[rank];
    int[] steps = new int[rank];
    Arrays.fill(steps, 1);
    before[axis] = first ? 0 : -1;
    ends[axis] = first ? 1 : 0;
    long toEnd = (1L << rank) - 1;
    return tf.stridedSlice(
        x,
        tf.constant(before),
        tf.constant(ends),
        tf.constant(steps),
        StridedSlice.endMask(first ? toEnd & ~(1L << axis) : toEnd));
  }

  private static String mode(NodeSite site) {
    return site.node().textAttribute("mode", "constant");
  }
}
