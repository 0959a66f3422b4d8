package org.distill4j.architecture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The circles of a directed graph: its strongly connected components of more than one node. */
final class Circles {
  private Circles() {}

  static List<SortedSet<String>> of(Map<String, Set<String>> graph) {
    Map<String, Set<String>> reached = new TreeMap<>();
    graph.keySet().forEach(node -> reached.put(node, reachedFrom(node, graph)));
    Set<SortedSet<String>> circles = new LinkedHashSet<>();
    reached.forEach(
        (node, others) -> {
          SortedSet<String> circle = new TreeSet<>(others);
          circle.removeIf(other -> !reached.getOrDefault(other, Set.of()).contains(node));
          if (circle.size() > 1) {
            circles.add(circle);
          }
        });
    return List.copyOf(circles);
  }

  private static Set<String> reachedFrom(String start, Map<String, Set<String>> graph) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(graph.get(start));
    while (!open.isEmpty()) {
      String node = open.pop();
      if (reached.add(node)) {
        open.addAll(graph.getOrDefault(node, Set.of()));
      }
    }
    return reached;
  }
}
