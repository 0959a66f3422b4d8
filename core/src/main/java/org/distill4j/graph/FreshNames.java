package org.distill4j.graph;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Fresh names, which nothing in a graph has yet: the one wished for or, if it is taken, the wish
 * with the least number that is free, such as {@code bias_2}.
 */
public final class FreshNames {
  private static final int SECOND = 2; // the one that has the wish itself is the first

  private final Set<String> taken;
  private final int least;
  private final Map<String, Integer> next = new HashMap<>(); // all lower numbers are taken

  /** Nothing is taken yet; numbers begin at 2. */
  public FreshNames() {
    this(Set.of(), SECOND);
  }

  /**
   * Begins with what is taken.
   *
   * @param least the number that the first copy of a name gets
   */
  public FreshNames(Collection<String> taken, int least) {
    this.taken = new HashSet<>(taken);
    this.least = least;
  }

  /** Names of values beside those of a graph; numbers begin at 2. */
  public static FreshNames of(Graph graph) {
    FreshNames names = new FreshNames(graph.initializers().keySet(), SECOND);
    graph.inputs().forEach(v -> names.take(v.name()));
    graph.nodes().forEach(n -> n.outputs().forEach(names::take));
    return names;
  }

  /** A name of its own, close to the one wished for; it is taken from now on. */
  public String name(String wish) {
    if (taken.add(wish)) {
      return wish;
    }
    int number = next.getOrDefault(wish, least);
    while (!taken.add(wish + "_" + number)) {
      number++;
    }
    next.put(wish, number + 1);
    return wish + "_" + number;
  }

  /** A name that is used from now on. */
  public void take(String name) {
    taken.add(name);
  }

  /** A name that nothing has any longer. */
  public void free(String name) {
    if (taken.remove(name)) {
      next.clear();
    }
  }
}
