package org.distill4j.prune;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.GraphEdit;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Takes channels out of a graph. What every constant and every value must have become is known
 * beforehand; a graph that did not become that is not given out.
 */
final class ChannelRemoval {
  private final ChannelDependencies walk;
  private final Graph graph;
  private final Kept kept;
  private final GraphEdit edit;

  private ChannelRemoval(ChannelDependencies walk, Kept kept) {
    this.walk = walk;
    this.graph = walk.graph();
    this.kept = kept;
    this.edit = new GraphEdit(graph);
  }

  static Graph of(ChannelGroups groups, List<BitSet> gone) {
    if (gone.size() != groups.groups().size()) {
      throw new IllegalArgumentException(
          "gone: %s groups (expected: %s)".formatted(gone.size(), groups.groups().size()));
    }
    Set<Integer> roots = new HashSet<>();
    for (int g = 0; g < gone.size(); g++) {
      ChannelGroup group = groups.groups().get(g);
      if (gone.get(g).cardinality() >= group.channels()) {
        throw new IllegalArgumentException(
            "group '%s': %s of %s channels go (expected: at least one stays)"
                .formatted(group.name(), gone.get(g).cardinality(), group.channels()));
      }
      int[] members = groups.roots(g);
      gone.get(g).stream().forEach(i -> roots.add(members[i]));
    }
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("gone: no channel (expected: at least one)");
    }
    ChannelDependencies walk = groups.walk();
    return new ChannelRemoval(walk, channel -> !roots.contains(walk.ties.root(channel))).graph();
  }

  private Graph graph() {
    Map<String, HostTensor> inNodes = new HashMap<>();
    walk.slots()
        .forEach(
            (name, axes) -> {
              HostTensor cut = walk.constant(name);
              for (Map.Entry<Integer, int[]> axis : axes.entrySet()) {
                cut = along(cut, axis.getKey(), axis.getValue());
              }
              if (edit.hasConstant(name)) {
                edit.set(name, cut);
              } else {
                inNodes.put(name, cut);
              }
            });
    for (Node node : graph.nodes()) {
      ChannelRewrite rewrite = walk.rewrites().get(node.name());
      if (rewrite != null) {
        edit.replace(rewrite.of(node, kept, edit::constant));
      } else if (inNodes.containsKey(node.output())) {
        edit.replace(
            node.withAttributes(Map.of("value", Attribute.of(inNodes.get(node.output())))));
      }
    }
    Graph smaller = edit.graph();
    verify(smaller);
    return smaller;
  }

  /** The places of a constant whose channels stay. */
  private HostTensor along(HostTensor tensor, int axis, int[] channels) {
    int stays = kept.count(channels);
    if (stays == channels.length) {
      return tensor;
    }
    Shape shape = tensor.shape();
    int inner = 1;
    for (int d = axis + 1; d < shape.rank(); d++) {
      inner *= (int) shape.size(d);
    }
    int block = inner * tensor.type().bytes();
    ByteBuffer from = tensor.bytes();
    int blocks = from.remaining() / (channels.length * block);
    ByteBuffer to = ByteBuffer.allocate(blocks * stays * block);
    for (int b = 0; b < blocks * channels.length; b++) {
      if (kept.has(channels[b % channels.length])) {
        to.put(from.duplicate().position(b * block).limit((b + 1) * block));
      }
    }
    return HostTensor.of(tensor.type(), shape.with(axis, Dim.of(stays)), to.flip());
  }

  /** Every value has as many channels as must have stayed, and the model its inputs and outputs. */
  private void verify(Graph smaller) {
    Shapes shapes = ShapeInference.infer(smaller);
    walk.values()
        .forEach(
            (name, channels) -> {
              long expected = kept.count(channels.at());
              Shape shape = shapes.shape(name);
              boolean holds =
                  shape.isRanked()
                      && shape.dim(channels.axis()).isKnown()
                      && shape.size(channels.axis()) == expected;
              if (!holds) {
                throw new IllegalStateException(
                    "value '%s': %s after pruning (expected: %s channels along axis %s)"
                        .formatted(name, shape, expected, channels.axis()));
              }
            });
    for (Value output : graph.outputs()) {
      Shape shape = shapes.shape(output.name());
      if (shape.isRanked() && output.shape().isRanked() && shape.rank() != output.shape().rank()) {
        throw new IllegalStateException(
            "output '%s': %s after pruning (expected: %s)"
                .formatted(output.name(), shape, output.shape()));
      }
    }
  }
}
