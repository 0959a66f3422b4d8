package org.distill4j.prune;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;

/** How channels go through what has weights. */
final class LayerChannelRules {
  private LayerChannelRules() {}

  /** Follows channels through a node; false if it is of another kind. */
  static boolean visit(ChannelDependencies walk, Node node) {
    switch (node.op()) {
      case "Conv" -> conv(walk, node);
      case "ConvTranspose" -> convTranspose(walk, node);
      case "Gemm" -> gemm(walk, node);
      case "MatMul" -> matMul(walk, node);
      case "BatchNormalization" -> norm(walk, node, 4);
      case "InstanceNormalization" -> norm(walk, node, 2);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void conv(ChannelDependencies walk, Node node) {
    HostTensor weights = walk.constant(node.input(1));
    if (weights == null || isComputed(walk, node, 2)) {
      walk.opaque(node, "has computed weights");
      return;
    }
    int groups = Math.toIntExact(node.intAttribute("group", 1));
    long perGroup = weights.shape().size(1);
    Channels in = in(walk, node, 1, perGroup * groups);
    Channels out = walk.make(node, 1, 0, 1);
    bias(walk, node, out);
    if (groups == 1) {
      if (in != null) {
        walk.slot(node, 1, 1, in.at());
      }
    } else if (perGroup == 1) {
      depthwise(walk, node, in, out);
    } else {
      tieGroups(walk, node, out.at(), groups);
      if (in != null) {
        tieGroups(walk, node, in.at(), groups);
        walk.slot(node, 1, 1, Arrays.copyOf(in.at(), (int) perGroup));
      }
    }
  }

  /** Each channel goes with what is made of it alone. */
  private static void depthwise(ChannelDependencies walk, Node node, Channels in, Channels out) {
    if (in == null) {
      walk.ties.pin(out.at(), node + ": the channels it takes are not followed");
      return;
    }
    int multiplier = out.size() / in.size();
    for (int i = 0; i < out.size(); i++) {
      walk.ties.tie(in.at()[i / multiplier], out.at()[i], node);
    }
    walk.rewrite(
        node,
        (n, kept, constants) -> {
          Map<String, Attribute> attributes = new LinkedHashMap<>(n.attributes());
          attributes.put("group", Attribute.of(kept.count(in.at())));
          return n.withAttributes(attributes);
        });
  }

  /** All groups stay equally wide: the channels of one place in each group go together. */
  private static void tieGroups(ChannelDependencies walk, Node node, int[] channels, int groups) {
    int perGroup = channels.length / groups;
    for (int i = perGroup; i < channels.length; i++) {
      walk.ties.tie(channels[i % perGroup], channels[i], node);
    }
  }

  private static void convTranspose(ChannelDependencies walk, Node node) {
    HostTensor weights = walk.constant(node.input(1));
    if (weights == null || isComputed(walk, node, 2)) {
      walk.opaque(node, "has computed weights");
    } else if (node.intAttribute("group", 1) != 1) {
      walk.opaque(node, "is transposed and grouped");
    } else {
      Channels in = in(walk, node, 1, weights.shape().size(0));
      bias(walk, node, walk.make(node, 1, 1, 1));
      if (in != null) {
        walk.slot(node, 1, 0, in.at());
      }
    }
  }

  private static void gemm(ChannelDependencies walk, Node node) {
    HostTensor weights = walk.constant(node.input(1));
    if (weights == null || isComputed(walk, node, 2) || node.intAttribute("transA", 0) != 0) {
      walk.opaque(node, "has computed weights or transposes its input");
      return;
    }
    int outAxis = node.intAttribute("transB", 0) != 0 ? 0 : 1;
    Channels in = in(walk, node, 1, weights.shape().size(1 - outAxis));
    Channels out = walk.make(node, 1, outAxis, 1);
    bias(walk, node, out);
    if (in != null) {
      walk.slot(node, 1, 1 - outAxis, in.at());
    }
  }

  private static void matMul(ChannelDependencies walk, Node node) {
    HostTensor weights = walk.constant(node.input(1));
    int rank =
        walk.known().shape(node.output()).isRanked() ? walk.known().shape(node.output()).rank() : 0;
    if (weights == null || weights.shape().rank() != 2 || rank < 2) {
      walk.opaque(node, "multiplies what is computed");
      return;
    }
    Channels in = walk.channels(node.input(0)).orElse(null);
    if (in != null && in.axis() != rank - 1) {
      walk.opaque(node, "multiplies along another axis than that of channels");
      return;
    }
    walk.make(node, 1, 1, rank - 1);
    if (in != null) {
      walk.slot(node, 1, 0, in.at());
    }
  }

  private static void norm(ChannelDependencies walk, Node node, int constants) {
    Channels in = walk.channels(node.input(0)).orElse(null);
    if (in == null) {
      return;
    }
    for (int i = 1; i <= constants; i++) {
      HostTensor constant = walk.constant(node.input(i));
      if (in.axis() != 1 || constant == null || constant.elements() != in.size()) {
        walk.opaque(node, "has computed statistics or normalizes along another axis");
        return;
      }
    }
    for (int i = 1; i <= constants; i++) {
      walk.slot(node, i, 0, in.at());
    }
    if (node.op().equals("BatchNormalization")) {
      walk.scale(node, 1, in);
    }
    walk.put(node.output(), in);
  }

  /** What a layer takes; null, and pinned, if it takes it along another axis. */
  private static Channels in(ChannelDependencies walk, Node node, int axis, long size) {
    Channels in = walk.channels(node.input(0)).orElse(null);
    if (in != null && (in.axis() != axis || in.size() != size)) {
      walk.opaque(node, "takes channels along another axis");
      return null;
    }
    return in;
  }

  private static void bias(ChannelDependencies walk, Node node, Channels out) {
    HostTensor bias = node.hasInput(2) ? walk.constant(node.input(2)) : null;
    int last = bias == null ? -1 : bias.shape().rank() - 1;
    if (last >= 0 && bias.shape().size(last) == out.size() && out.size() > 1) {
      walk.slot(node, 2, last, out.at());
    }
  }

  private static boolean isComputed(ChannelDependencies walk, Node node, int input) {
    return node.hasInput(input) && walk.constant(node.input(input)) == null;
  }
}
