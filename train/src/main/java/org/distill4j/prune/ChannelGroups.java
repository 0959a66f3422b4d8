package org.distill4j.prune;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * The channel groups of a model: which channels can go, and what goes with them.
 *
 * <p>Every channel is followed from the layer that makes it through the whole graph. Where two meet
 * (an Add, the two sides of a depthwise convolution, equal places of the groups of a grouped one, a
 * shared weight) they are tied: they can only go together. Where a channel enters or leaves the
 * model, or an operator mixes channels in a way that is not followed, it stays. Channels with the
 * same way through the graph are a group, of which at least one always stays.
 *
 * @see <a href="https://arxiv.org/abs/2301.12900">Fang et al.: DepGraph, 2023</a>
 */
public final class ChannelGroups {
  private final ChannelDependencies walk;
  private final List<ChannelGroup> groups = new ArrayList<>();
  private final List<int[]> members = new ArrayList<>(); // the root of each channel of a group
  private final List<String> untouched = new ArrayList<>();

  private ChannelGroups(ChannelDependencies walk) {
    this.walk = walk;
  }

  /**
   * Follows the channels of a model.
   *
   * @throws InputFault if the model is quantized already
   */
  public static ChannelGroups of(Graph model) {
    for (Node node : model.nodes()) {
      if (node.op().endsWith("QuantizeLinear")
          || node.op().endsWith("Integer")
          || node.op().startsWith("QLinear")) {
        throw new InputFault(
            "model '%s': %s (expected: a float model); prune it before it is quantized"
                .formatted(model.name(), node));
      }
    }
    ChannelGroups found = new ChannelGroups(ChannelDependencies.over(model));
    found.collect();
    return found;
  }

  private void collect() {
    Map<Integer, BitSet> ways = ways();
    Map<Integer, Set<Node>> causes = walk.ties.causes();
    Map<BitSet, Set<Integer>> byWay = new LinkedHashMap<>();
    for (ChannelDependencies.Source source : walk.sources()) {
      Set<String> reasons = new LinkedHashSet<>();
      int stay = 0;
      for (int channel : source.channels().at()) {
        int root = walk.ties.root(channel);
        if (walk.ties.pinned(channel).isPresent()) {
          reasons.add(walk.ties.pinned(channel).get());
          stay++;
        } else {
          byWay.computeIfAbsent(ways.get(root), w -> new LinkedHashSet<>()).add(root);
        }
      }
      if (stay > 0) {
        untouched.add(
            "%s: %s of its %s channels stay: %s"
                .formatted(
                    source.node(), stay, source.channels().size(), reasons.iterator().next()));
      }
    }
    Map<String, Integer> names = new LinkedHashMap<>();
    byWay.values().forEach(roots -> add(roots, causes, names));
  }

  /** All values and constants that a channel stands in, by the channel's root. */
  private Map<Integer, BitSet> ways() {
    Map<Integer, BitSet> ways = new LinkedHashMap<>();
    int place = 0;
    for (Channels channels : walk.values().values()) {
      note(ways, channels.at(), place++);
    }
    for (Map<Integer, int[]> axes : walk.slots().values()) {
      for (int[] channels : axes.values()) {
        note(ways, channels, place++);
      }
    }
    return ways;
  }

  private void note(Map<Integer, BitSet> ways, int[] channels, int place) {
    for (int channel : channels) {
      ways.computeIfAbsent(walk.ties.root(channel), r -> new BitSet()).set(place);
    }
  }

  private void add(Set<Integer> roots, Map<Integer, Set<Node>> causes, Map<String, Integer> names) {
    Set<String> layers = new LinkedHashSet<>();
    for (ChannelDependencies.Source source : walk.sources()) {
      for (int channel : source.channels().at()) {
        if (roots.contains(walk.ties.root(channel))) {
          layers.add(source.node().name());
        }
      }
    }
    Set<String> ties = new LinkedHashSet<>();
    for (int root : roots) {
      causes.getOrDefault(root, Set.of()).forEach(node -> ties.add(node.toString()));
    }
    String first = layers.iterator().next();
    int number = names.merge(first, 1, Integer::sum);
    groups.add(
        new ChannelGroup(
            number == 1 ? first : first + "#" + number,
            roots.size(),
            List.copyOf(layers),
            List.copyOf(ties)));
    members.add(roots.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The groups, in the order in which the graph makes them. */
  public List<ChannelGroup> groups() {
    return List.copyOf(groups);
  }

  /** One line for each layer some of whose channels have to stay, with the reason. */
  public List<String> untouched() {
    return List.copyOf(untouched);
  }

  /** The model whose channels these are. */
  public Graph model() {
    return walk.graph();
  }

  /** How many channels all groups have together. */
  public int channels() {
    return groups.stream().mapToInt(ChannelGroup::channels).sum();
  }

  /** For each channel of a group the one that stands for all tied to it. */
  int[] roots(int group) {
    return members.get(group);
  }

  ChannelDependencies walk() {
    return walk;
  }

  /**
   * The model without some channels: the same weights for those that stay.
   *
   * @param gone for each group the channels that go
   * @throws IllegalArgumentException if nothing goes, or nothing of a group stays
   */
  public Graph without(List<BitSet> gone) {
    return ChannelRemoval.of(this, gone);
  }
}
