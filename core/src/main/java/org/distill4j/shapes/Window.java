package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;

/**
 * The sliding window of a convolution or pool along one spatial axis: kernel, stride, padding,
 * dilation.
 *
 * @param kernel how many elements it takes, at least 1
 * @param stride how far it moves, at least 1
 * @param dilation the distance between its elements, at least 1
 * @param begin padding before the first element; ignored by the SAME modes
 * @param end padding behind the last element; ignored by the SAME modes
 * @param mode who decides the padding
 * @param ceil whether a last window that starts inside the input but reaches beyond it counts
 */
public record Window(
    long kernel, long stride, long dilation, long begin, long end, Mode mode, boolean ceil) {
  /** Who decides the padding: ONNX's {@code auto_pad}. */
  public enum Mode {
    /** The node says it, or there is none. */
    EXPLICIT,
    /** As much as makes output = ceil(input / stride); the odd one goes behind. */
    SAME_UPPER,
    /** The same; the odd one goes in front. */
    SAME_LOWER
  }

  /**
   * The windows of a Conv, ConvTranspose or pool node, one per spatial axis.
   *
   * @param kernel extents, from the weights or the attribute
   * @throws InputFault if strides, dilations or pads do not fit the kernel
   */
  public static List<Window> of(Node node, long... kernel) {
    int n = kernel.length;
    requireEntries(node, "kernel_shape", kernel, n, 1);
    long[] strides = entries(node, "strides", n, 1);
    long[] dilations = entries(node, "dilations", n, 1);
    long[] pads = entries(node, "pads", 2 * n, 0);
    String auto = node.textAttribute("auto_pad", "NOTSET");
    Mode mode = mode(node, auto);
    boolean ceil = node.intAttribute("ceil_mode", 0) != 0;
    boolean padded = !auto.equals("VALID");
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      long begin = padded ? pads[i] : 0;
      long end = padded ? pads[i + n] : 0;
      windows.add(new Window(kernel[i], strides[i], dilations[i], begin, end, mode, ceil));
    }
    return windows;
  }

  private static Mode mode(Node node, String auto) {
    return switch (auto) {
      case "NOTSET", "", "VALID" -> Mode.EXPLICIT;
      case "SAME_UPPER" -> Mode.SAME_UPPER;
      case "SAME_LOWER" -> Mode.SAME_LOWER;
      default ->
          throw new InputFault(
              node
                  + ": auto_pad: "
                  + auto
                  + " (expected: NOTSET, VALID, SAME_UPPER or SAME_LOWER)");
    };
  }

  private static long[] entries(Node node, String key, int count, long least) {
    long[] defaults = new long[count];
    Arrays.fill(defaults, least);
    long[] entries = node.intsAttribute(key, defaults);
    requireEntries(node, key, entries, count, least);
    return entries;
  }

  private static void requireEntries(Node node, String key, long[] entries, int count, long least) {
    boolean fits = entries.length == count;
    for (long entry : entries) {
      fits &= entry >= least && entry <= Integer.MAX_VALUE;
    }
    if (!fits) {
      throw new InputFault(
          node
              + ": "
              + key
              + ": "
              + Arrays.toString(entries)
              + " (expected: "
              + count
              + " numbers >= "
              + least
              + ")");
    }
  }

  /** How many elements a window spans: {@code (kernel - 1) * dilation + 1}. */
  public long span() {
    return (kernel - 1) * dilation + 1; // each below 2^31
  }

  /** The padding in front of an axis of a given size. */
  public long padBegin(long input) {
    return switch (mode) {
      case EXPLICIT -> begin;
      case SAME_UPPER -> samePadding(input) / 2;
      case SAME_LOWER -> (samePadding(input) + 1) / 2;
    };
  }

  /** The padding behind an axis of a given size. */
  public long padEnd(long input) {
    return mode == Mode.EXPLICIT ? end : samePadding(input) - padBegin(input);
  }

  private long samePadding(long input) {
    return Math.max(0, (output(input) - 1) * stride + span() - input);
  }

  /**
   * How many windows fit along an axis of a given size; less than 1 if the kernel is larger than
   * the padded input.
   */
  public long output(long input) {
    if (mode != Mode.EXPLICIT) {
      return Math.floorDiv(input + stride - 1, stride);
    }
    long room = input + begin + end - span();
    if (!ceil) {
      return Math.floorDiv(room, stride) + 1;
    }
    long windows = -Math.floorDiv(-room, stride) + 1;
    boolean startsBehind = (windows - 1) * stride >= input + begin;
    return startsBehind ? windows - 1 : windows;
  }
}
