package org.distill4j.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.shapes.KnownValues;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * One walk over a graph that follows every channel from the layer that makes it to all that use it.
 * What a node does not let through is pinned with a reason that names the node; so is what enters
 * and what leaves the model.
 */
final class ChannelDependencies {
  /**
   * A layer that makes channels.
   *
   * @param node the layer
   * @param constant its weights
   * @param axis the axis of the weights that counts what it makes
   * @param channels what it makes
   */
  record Source(Node node, String constant, int axis, Channels channels) {}

  final ChannelTies ties = new ChannelTies();
  private final Graph graph;
  private final KnownValues known;
  private final Map<String, Channels> values = new LinkedHashMap<>();
  private final Map<String, Map<Integer, int[]>> slots = new LinkedHashMap<>();
  private final Map<String, Map<String, Set<Integer>>> uses = new HashMap<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<Source> scales = new ArrayList<>();
  private final Map<String, ChannelRewrite> rewrites = new LinkedHashMap<>();

  private ChannelDependencies(Graph graph) {
    this.graph = graph;
    this.known = KnownValues.of(graph, ShapeInference.infer(graph));
  }

  /** Walks. */
  static ChannelDependencies over(Graph graph) {
    ChannelDependencies walk = new ChannelDependencies(graph);
    for (Value input : graph.inputs()) {
      walk.enter(input);
    }
    for (Node node : graph.nodes()) {
      walk.visit(node);
    }
    for (Value output : graph.outputs()) {
      walk.channels(output.name())
          .ifPresent(c -> walk.ties.pin(c.at(), "output '" + output.name() + "' of the model"));
    }
    walk.checkUses();
    walk.pinUnmade();
    return walk;
  }

  private void enter(Value input) {
    Shape shape = input.shape();
    if (shape.isRanked() && shape.rank() >= 2 && shape.dim(1).isKnown()) {
      int[] made = ties.fresh(Math.toIntExact(shape.size(1)));
      ties.pin(made, "input '" + input.name() + "' of the model");
      values.put(input.name(), new Channels(1, made));
    }
  }

  private void visit(Node node) {
    boolean known =
        node.domain().isEmpty()
            && (LayerChannelRules.visit(this, node)
                || ElementwiseChannelRules.visit(this, node)
                || PlaceChannelRules.visit(this, node));
    if (!known) {
      opaque(node, "is not followed");
    }
  }

  /** A constant that is used otherwise too cannot be cut. */
  private void checkUses() {
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        Map<Integer, int[]> cut = slots.get(node.input(i));
        if (cut != null
            && !cut.keySet().equals(uses.get(node.input(i)).getOrDefault(use(node, i), Set.of()))) {
          String reason = node + ": uses '" + node.input(i) + "' in another way";
          cut.values().forEach(channels -> ties.pin(channels, reason));
        }
      }
    }
  }

  /** Zeros of a Pad and the like may go with a layer's channels only. */
  private void pinUnmade() {
    Set<Integer> made = new HashSet<>();
    for (Source source : sources) {
      Arrays.stream(source.channels.at()).map(ties::root).forEach(made::add);
    }
    for (int channel = 0; channel < ties.size(); channel++) {
      if (!made.contains(ties.root(channel))) {
        ties.pin(channel, "no layer makes it");
      }
    }
  }

  /** The channels of a value, where they are followed. */
  Optional<Channels> channels(String value) {
    return Optional.ofNullable(values.get(value));
  }

  /** All values whose channels are followed. */
  Map<String, Channels> values() {
    return values;
  }

  /** The places of constants that belong to channels, by constant and axis. */
  Map<String, Map<Integer, int[]>> slots() {
    return slots;
  }

  /** Every layer that makes channels, in order. */
  List<Source> sources() {
    return sources;
  }

  /** The scales of batch normalizations. */
  List<Source> scales() {
    return scales;
  }

  /** What has to be spelled anew, by node. */
  Map<String, ChannelRewrite> rewrites() {
    return rewrites;
  }

  Graph graph() {
    return graph;
  }

  /** An initializer or what a Constant node holds; null for what is computed. */
  HostTensor constant(String value) {
    return known.constant(value).orElse(null);
  }

  /** What is known of the graph's values. */
  KnownValues known() {
    return known;
  }

  /** A value's channels are these. */
  void put(String value, Channels channels) {
    values.put(value, channels);
  }

  /** The places of a node's constant input along an axis belong to these channels. */
  void slot(Node node, int input, int axis, int[] channels) {
    String constant = node.input(input);
    int[] known = slots.computeIfAbsent(constant, c -> new LinkedHashMap<>()).get(axis);
    if (known == null) {
      slots.get(constant).put(axis, channels);
    } else {
      ties.tie(known, channels, node);
    }
    uses.computeIfAbsent(constant, c -> new HashMap<>())
        .computeIfAbsent(use(node, input), u -> new HashSet<>())
        .add(axis);
  }

  private static String use(Node node, int input) {
    return input + " of " + node.name();
  }

  /**
   * A layer makes new channels.
   *
   * @param input which input holds its weights
   * @param axis of the weights that counts them
   * @param outAxis of the output
   */
  Channels make(Node node, int input, int axis, int outAxis) {
    int count = Math.toIntExact(constant(node.input(input)).shape().size(axis));
    Channels made = new Channels(outAxis, ties.fresh(count));
    slot(node, input, axis, made.at());
    sources.add(new Source(node, node.input(input), axis, made));
    put(node.output(), made);
    return made;
  }

  /** The scale of a normalization multiplies these channels. */
  void scale(Node node, int input, Channels channels) {
    scales.add(new Source(node, node.input(input), 0, channels));
  }

  /** A node has to be spelled anew when channels go. */
  void rewrite(Node node, ChannelRewrite rewrite) {
    rewrites.put(node.name(), rewrite);
  }

  /** A node lets no channel go that it uses. */
  void opaque(Node node, String reason) {
    for (String input : node.inputs()) {
      channels(input).ifPresent(c -> ties.pin(c.at(), node + ": " + reason));
    }
  }
}
