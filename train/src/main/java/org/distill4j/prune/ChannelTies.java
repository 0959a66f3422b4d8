package org.distill4j.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Node;

/**
 * Which channels can only go together, and which cannot go: disjoint sets with a reason for every
 * union and every pin.
 */
final class ChannelTies {
  private record Cause(int channel, Node node) {}

  private int[] parent = new int[256];
  private int size;
  private final Map<Integer, String> pins = new HashMap<>(); // by root
  private final List<Cause> causes = new ArrayList<>();

  /** New channels, tied to none. */
  int[] fresh(int count) {
    int[] made = new int[count];
    while (size + count > parent.length) {
      parent = Arrays.copyOf(parent, 2 * parent.length);
    }
    for (int i = 0; i < count; i++) {
      parent[size] = size;
      made[i] = size++;
    }
    return made;
  }

  /** How many channels there are. */
  int size() {
    return size;
  }

  /** The channel that stands for all that are tied to this one. */
  int root(int channel) {
    int root = channel;
    while (parent[root] != root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  /** Two channels can only go together, because of that node. */
  void tie(int a, int b, Node because) {
    int first = Math.min(root(a), root(b));
    int second = Math.max(root(a), root(b));
    if (first == second) {
      return;
    }
    causes.add(new Cause(a, because));
    parent[second] = first;
    String pin = pins.remove(second);
    if (pin != null) {
      pins.putIfAbsent(first, pin);
    }
  }

  /** Channels place by place can only go together, because of that node. */
  void tie(int[] a, int[] b, Node because) {
    for (int i = 0; i < a.length; i++) {
      tie(a[i], b[i], because);
    }
  }

  /** A channel cannot go; the first reason is kept. */
  void pin(int channel, String reason) {
    pins.putIfAbsent(root(channel), reason);
  }

  /** None of these can go. */
  void pin(int[] channels, String reason) {
    for (int channel : channels) {
      pin(channel, reason);
    }
  }

  /** Why a channel cannot go, if it cannot. */
  Optional<String> pinned(int channel) {
    return Optional.ofNullable(pins.get(root(channel)));
  }

  /** The nodes that tied channels together, by the channel that stands for them. */
  Map<Integer, Set<Node>> causes() {
    Map<Integer, Set<Node>> byRoot = new LinkedHashMap<>();
    for (Cause cause : causes) {
      byRoot.computeIfAbsent(root(cause.channel), r -> new LinkedHashSet<>()).add(cause.node);
    }
    return byRoot;
  }
}
