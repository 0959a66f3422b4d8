package org.distill4j.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** How channels go through what moves, joins, takes or adds places. */
final class PlaceChannelRules {
  private PlaceChannelRules() {}

  /** Follows channels through a node; false if it is of another kind. */
  static boolean visit(ChannelDependencies walk, Node node) {
    Channels in = node.inputs().isEmpty() ? null : walk.channels(node.input(0)).orElse(null);
    switch (node.op()) {
      case "Concat" -> concat(walk, node);
      case "Gather" -> gather(walk, node, in);
      case "Slice",
          "Pad",
          "Split",
          "Flatten",
          "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Resize",
          "LayerNormalization" -> {
        if (in != null && !moved(walk, node, in)) {
          walk.opaque(node, "moves or mixes channels in a way that is not followed");
        }
      }
      case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2" -> {
        if (in != null && !reduced(walk, node, in)) {
          walk.opaque(node, "mixes channels");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean moved(ChannelDependencies walk, Node node, Channels in) {
    return switch (node.op()) {
      case "Slice" -> slice(walk, node, in);
      case "Pad" -> pad(walk, node, in);
      case "Split" -> split(walk, node, in);
      case "Flatten" -> flatten(walk, node, in);
      case "Reshape" -> reshape(walk, node, in);
      case "Transpose" -> transpose(walk, node, in);
      case "Squeeze", "Unsqueeze" -> reranked(walk, node, in);
      case "Resize" -> resize(walk, node, in);
      default -> normalized(walk, node, in);
    };
  }

  private static boolean put(ChannelDependencies walk, Node node, Channels channels) {
    walk.put(node.output(), channels);
    return true;
  }

  private static int rank(ChannelDependencies walk, String value) {
    return walk.known().shape(value).isRanked() ? walk.known().shape(value).rank() : -1;
  }

  private static void concat(ChannelDependencies walk, Node node) {
    if (node.inputs().stream().noneMatch(v -> walk.channels(v).isPresent())) {
      return;
    }
    int axis = Math.floorMod((int) node.intAttribute("axis", 0), rank(walk, node.input(0)));
    List<int[]> parts = new ArrayList<>();
    for (String input : node.inputs()) {
      Optional<Channels> part = walk.channels(input);
      if (part.isEmpty() || part.get().axis() != axis) {
        walk.opaque(node, "joins '" + input + "', whose channels are not followed");
        return;
      }
      parts.add(part.get().at());
    }
    put(walk, node, new Channels(axis, parts.stream().flatMapToInt(Arrays::stream).toArray()));
  }

  private static void gather(ChannelDependencies walk, Node node, Channels in) {
    HostTensor table = walk.constant(node.input(0));
    long axis = node.intAttribute("axis", 0);
    int indices = rank(walk, node.input(1));
    if (table != null && table.type().isFloating() && table.shape().rank() == 2 && axis == 0) {
      walk.make(node, 0, 1, indices);
    } else if (in != null) {
      int along = Math.floorMod((int) axis, rank(walk, node.input(0)));
      if (along == in.axis() || indices < 0) {
        walk.opaque(node, "picks channels");
      } else {
        put(walk, node, in.axis() < along ? in : in.along(in.axis() + indices - 1));
      }
    }
  }

  private static boolean slice(ChannelDependencies walk, Node node, Channels in) {
    long[] starts = walk.known().integers(node.input(1)).orElse(null);
    long[] ends = walk.known().integers(node.input(2)).orElse(null);
    if (starts == null || ends == null) {
      return false;
    }
    int rank = rank(walk, node.input(0));
    long[] axes =
        node.hasInput(3)
            ? walk.known().integers(node.input(3)).orElse(null)
            : IntStream.range(0, starts.length).asLongStream().toArray();
    long[] steps = node.hasInput(4) ? walk.known().integers(node.input(4)).orElse(null) : null;
    if (axes == null || (node.hasInput(4) && steps == null)) {
      return false;
    }
    for (int i = 0; i < axes.length; i++) {
      if (Math.floorMod((int) axes[i], rank) == in.axis()) {
        return (steps == null || steps[i] == 1) && cut(walk, node, in, i, starts, ends);
      }
    }
    return put(walk, node, in);
  }

  private static boolean cut(
      ChannelDependencies walk, Node node, Channels in, int at, long[] starts, long[] ends) {
    int from = clamped(starts[at], in.size());
    int to = Math.max(from, clamped(ends[at], in.size()));
    walk.rewrite(
        node,
        (n, kept, constants) -> {
          long[] newStarts = starts.clone();
          long[] newEnds = ends.clone();
          newStarts[at] = kept.count(in.at(), 0, from);
          newEnds[at] = kept.count(in.at(), 0, to);
          return ChannelRewrite.withInput(
              ChannelRewrite.withInput(n, 1, constants, newStarts), 2, constants, newEnds);
        });
    return put(walk, node, new Channels(in.axis(), Arrays.copyOfRange(in.at(), from, to)));
  }

  private static int clamped(long bound, int size) {
    return (int) Math.max(0, Math.min(size, bound < 0 ? bound + size : bound));
  }

  private static boolean pad(ChannelDependencies walk, Node node, Channels in) {
    long[] pads = walk.known().integers(node.input(1)).orElse(null);
    int rank = rank(walk, node.input(0));
    if (pads == null) {
      return false;
    }
    long[] axes =
        node.hasInput(3)
            ? walk.known().integers(node.input(3)).orElse(null)
            : IntStream.range(0, rank).asLongStream().toArray();
    int at = axes == null ? -1 : position(axes, in.axis(), rank);
    if (axes == null) {
      return false;
    }
    if (at < 0 || (pads[at] == 0 && pads[at + axes.length] == 0)) {
      return put(walk, node, in);
    }
    int end = at + axes.length;
    if (!node.textAttribute("mode", "constant").equals("constant")
        || pads[at] < 0
        || pads[end] < 0) {
      return false;
    }
    int[] before = walk.ties.fresh(Math.toIntExact(pads[at]));
    int[] after = walk.ties.fresh(Math.toIntExact(pads[end]));
    walk.rewrite(
        node,
        (n, kept, constants) -> {
          long[] changed = pads.clone();
          changed[at] = kept.count(before);
          changed[end] = kept.count(after);
          return ChannelRewrite.withInput(n, 1, constants, changed);
        });
    int[] all = Arrays.copyOf(before, before.length + in.size() + after.length);
    System.arraycopy(in.at(), 0, all, before.length, in.size());
    System.arraycopy(after, 0, all, before.length + in.size(), after.length);
    return put(walk, node, new Channels(in.axis(), all));
  }

  private static int position(long[] axes, int axis, int rank) {
    for (int i = 0; i < axes.length; i++) {
      if (Math.floorMod((int) axes[i], rank) == axis) {
        return i;
      }
    }
    return -1;
  }

  private static boolean split(ChannelDependencies walk, Node node, Channels in) {
    int axis = Math.floorMod((int) node.intAttribute("axis", 0), rank(walk, node.input(0)));
    if (axis != in.axis()) {
      node.outputs().forEach(o -> walk.put(o, in));
      return true;
    }
    List<int[]> parts = new ArrayList<>();
    int from = 0;
    for (String output : node.outputs()) {
      int size = (int) extent(walk.known().shape(output), axis);
      if (output.isEmpty() || size < 0 || from + size > in.size()) {
        return false;
      }
      int[] part = Arrays.copyOfRange(in.at(), from, from + size);
      parts.add(part);
      walk.put(output, new Channels(axis, part));
      from += size;
    }
    walk.rewrite(
        node,
        (n, kept, constants) -> {
          Map<String, Attribute> attributes = new LinkedHashMap<>(n.attributes());
          attributes.remove("num_outputs");
          long[] sizes = parts.stream().mapToLong(kept::count).toArray();
          return ChannelRewrite.withInput(n.withAttributes(attributes), 1, constants, sizes);
        });
    return true;
  }

  /** An extent; -1 if it is no number. */
  private static long extent(Shape shape, int axis) {
    Dim dim = shape.isRanked() && axis < shape.rank() ? shape.dim(axis) : Dim.UNKNOWN;
    return dim.isKnown() ? dim.size() : -1;
  }

  /** The outer axes make rows, the inner ones become places: one channel at many. */
  private static boolean flatten(ChannelDependencies walk, Node node, Channels in) {
    Shape shape = walk.known().shape(node.input(0));
    int axis = (int) node.intAttribute("axis", 1);
    if (Math.floorMod(axis, shape.rank()) != 1) {
      return false;
    }
    return spread(walk, node, in, shape);
  }

  private static boolean spread(ChannelDependencies walk, Node node, Channels in, Shape shape) {
    long places = 1;
    long inner = 1;
    for (int d = 1; d < shape.rank(); d++) {
      if (!shape.dim(d).isKnown()) {
        return false;
      }
      places *= shape.size(d);
      inner *= d > in.axis() ? shape.size(d) : 1;
    }
    if (in.axis() < 1) {
      return false;
    }
    int[] spread = new int[Math.toIntExact(places)];
    for (int i = 0; i < spread.length; i++) {
      spread[i] = in.at()[(int) (i / inner % in.size())];
    }
    return put(walk, node, new Channels(1, spread));
  }

  /** Followed where it flattens, or leaves the channels' axis and those before it alone. */
  private static boolean reshape(ChannelDependencies walk, Node node, Channels in) {
    Shape from = walk.known().shape(node.input(0));
    Shape to = walk.known().shape(node.output());
    if (!to.isRanked() || (to.rank() <= in.axis() && to.rank() != 2)) {
      return false;
    }
    boolean sameUpTo = to.rank() > in.axis();
    for (int d = 0; sameUpTo && d <= in.axis(); d++) {
      sameUpTo = from.dim(d).equals(to.dim(d));
    }
    boolean flat = to.rank() == 2 && from.dim(0).equals(to.dim(0));
    for (int d = 1; d < to.rank(); d++) {
      if (!to.dim(d).isKnown()) {
        return false;
      }
    }
    if (!sameUpTo && !(flat && spread(walk, node, in, from))) {
      return false;
    }
    Channels out = sameUpTo ? in : walk.channels(node.output()).orElseThrow();
    walk.rewrite(
        node,
        (n, kept, constants) -> {
          long[] target = new long[to.rank()]; // 0 takes over the extent of the batch
          for (int d = 1; d < target.length; d++) {
            target[d] = d == out.axis() ? kept.count(out.at()) : to.size(d);
          }
          Map<String, Attribute> attributes = new LinkedHashMap<>(n.attributes());
          attributes.remove("allowzero");
          return ChannelRewrite.withInput(n.withAttributes(attributes), 1, constants, target);
        });
    return put(walk, node, out);
  }

  private static boolean transpose(ChannelDependencies walk, Node node, Channels in) {
    long[] perm = node.optionalInts("perm").orElse(null);
    int rank = rank(walk, node.input(0));
    if (perm == null) {
      return put(walk, node, in.along(rank - 1 - in.axis()));
    }
    return put(walk, node, in.along(position(perm, in.axis(), rank)));
  }

  /** Squeeze or Unsqueeze: the axis moves by as many as went or came before it. */
  private static boolean reranked(ChannelDependencies walk, Node node, Channels in) {
    boolean squeezes = node.op().equals("Squeeze");
    long[] axes = walk.known().integers(node.input(1)).orElse(null);
    int rank = rank(walk, squeezes ? node.input(0) : node.output());
    if (axes == null || rank < 0) {
      return false;
    }
    boolean[] touched = new boolean[rank];
    for (long axis : axes) {
      touched[Math.floorMod((int) axis, rank)] = true;
    }
    if (squeezes) {
      return !touched[in.axis()] && put(walk, node, in.along(in.axis() - before(touched, in)));
    }
    int axis = 0;
    for (int left = in.axis(); touched[axis] || left > 0; axis++) {
      left -= touched[axis] ? 0 : 1;
    }
    return put(walk, node, in.along(axis));
  }

  private static int before(boolean[] touched, Channels in) {
    int count = 0;
    for (int d = 0; d < in.axis(); d++) {
      count += touched[d] ? 1 : 0;
    }
    return count;
  }

  private static boolean reduced(ChannelDependencies walk, Node node, Channels in) {
    long[] axes = walk.known().integers(node.input(1)).orElse(null);
    int rank = rank(walk, node.input(0));
    if (axes == null || axes.length == 0) {
      return false;
    }
    boolean[] gone = new boolean[rank];
    for (long axis : axes) {
      gone[Math.floorMod((int) axis, rank)] = true;
    }
    boolean keeps = node.intAttribute("keepdims", 1) != 0;
    return !gone[in.axis()] && put(walk, node, keeps ? in : in.along(in.axis() - before(gone, in)));
  }

  private static boolean resize(ChannelDependencies walk, Node node, Channels in) {
    HostTensor scales = node.hasInput(2) ? walk.constant(node.input(2)) : null;
    boolean keeps =
        !node.hasInput(3)
            && scales != null
            && node.optionalInts("axes").isEmpty()
            && scales.elements() == rank(walk, node.input(0))
            && scales.toFloats()[in.axis()] == 1;
    return keeps && put(walk, node, in);
  }

  private static boolean normalized(ChannelDependencies walk, Node node, Channels in) {
    int rank = rank(walk, node.input(0));
    boolean within = in.axis() >= Math.floorMod((int) node.intAttribute("axis", -1), rank);
    return !within && put(walk, node, in);
  }
}
