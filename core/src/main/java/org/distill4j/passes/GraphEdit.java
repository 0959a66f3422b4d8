package org.distill4j.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * An edit of a graph: nodes inserted, replaced or removed, constants added or set, all at once.
 * Constants that nothing uses any longer go.
 */
public final class GraphEdit {
  private final Graph graph;
  private final Map<String, HostTensor> initializers;
  private final Map<String, Node> replaced = new HashMap<>(); // by the node's name
  private final Map<String, String> renamed = new HashMap<>(); // a removed value to what stands in
  private final List<Node> first = new ArrayList<>(); // before all others
  private final Map<String, List<Node>> before = new HashMap<>(); // by the node's name
  private final Map<String, List<Node>> after = new HashMap<>(); // likewise
  private final FreshNames names;

  /** Begins with a graph as it is. */
  public GraphEdit(Graph graph) {
    this.graph = graph;
    this.initializers = new LinkedHashMap<>(graph.initializers());
    this.names = FreshNames.of(graph);
  }

  /** The node as it is by now. */
  public Node node(Node original) {
    return replaced.getOrDefault(original.name(), original);
  }

  /** A name for a new value, close to the one wished for. */
  public String fresh(String wish) {
    return names.name(wish);
  }

  /** Adds a constant under a name of its own, close to the one wished for; returns the name. */
  public String constant(String wish, HostTensor value) {
    String name = fresh(wish);
    initializers.put(name, value);
    return name;
  }

  /** Whether a name is that of a constant by now. */
  public boolean hasConstant(String name) {
    return initializers.containsKey(name);
  }

  /** Gives a constant that is there another value. */
  public void set(String constant, HostTensor value) {
    initializers.put(constant, value);
  }

  /** The constant of this name as it is by now. */
  public HostTensor constant(String name) {
    return initializers.get(name);
  }

  /** Puts a node in the place of the one of the same name. */
  public void replace(Node node) {
    replaced.put(node.name(), node);
  }

  /** Puts a node before all others, behind those that were put there already. */
  public void insertFirst(Node node) {
    first.add(node);
  }

  /** Puts a node before another, behind those that were put there already. */
  public void insertBefore(Node place, Node node) {
    before.computeIfAbsent(place.name(), p -> new ArrayList<>()).add(node);
  }

  /** Puts a node behind another and behind those that were put there already. */
  public void insertAfter(Node place, Node node) {
    after.computeIfAbsent(place.name(), p -> new ArrayList<>()).add(node);
  }

  /** Takes out a node whose values nothing uses any longer, or others make. */
  public void remove(Node node) {
    replaced.put(node.name(), null);
  }

  /** Takes out a node that passes one value through: its users get what it was given. */
  public void bypass(Node node, String standIn) {
    replaced.put(node.name(), null);
    renamed.put(node.output(), standIn);
  }

  /**
   * Gives a weighted node other weights and biases, under names of its own: constants may be shared
   * with other nodes.
   */
  public void reweigh(LinearLayer weighted, float[] weights, float[] biases) {
    Node node = node(weighted.node());
    List<String> inputs = new ArrayList<>(node.inputs().subList(0, 1));
    inputs.add(
        constant(
            weighted.node().input(1), HostTensor.ofFloats(weighted.weights().shape(), weights)));
    if (!node.op().equals("MatMul")) {
      inputs.add(
          constant(
              node.hasInput(2) ? node.input(2) : node.name() + ".bias",
              HostTensor.ofFloats(Shape.of(biases.length), biases)));
    }
    replace(node.withInputs(inputs));
  }

  /** The new graph. */
  public Graph graph() {
    List<Node> nodes = inOrder();
    nodes.replaceAll(n -> n.withInputs(n.inputs().stream().map(this::standIn).toList()));
    Set<String> used = new LinkedHashSet<>();
    nodes.forEach(n -> used.addAll(n.inputs()));
    Set<String> outputs = new LinkedHashSet<>();
    graph.outputs().forEach(v -> outputs.add(v.name()));
    used.addAll(outputs);
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        outputs.stream().anyMatch(renamed::containsKey) ? renameOutputs(nodes) : nodes,
        kept(used),
        graph.metadata());
  }

  private List<Node> inOrder() {
    List<Node> nodes = new ArrayList<>(first);
    for (Node original : graph.nodes()) {
      String name = original.name();
      nodes.addAll(before.getOrDefault(name, List.of()));
      Node node = replaced.getOrDefault(name, original);
      if (node != null) { // else it was taken out
        nodes.add(node);
      }
      nodes.addAll(after.getOrDefault(name, List.of()));
    }
    return nodes;
  }

  private String standIn(String value) {
    String name = value;
    while (renamed.containsKey(name)) {
      name = renamed.get(name);
    }
    return name;
  }

  /**
   * An output of the graph keeps its name: the node that makes it now takes it over, or hands it on
   * where what it makes has another name to keep.
   */
  private List<Node> renameOutputs(List<Node> nodes) {
    Map<String, String> names = new HashMap<>();
    Set<String> bound = new HashSet<>(initializers.keySet());
    graph.inputs().forEach(v -> bound.add(v.name()));
    graph.outputs().forEach(v -> bound.add(v.name()));
    List<Node> all = new ArrayList<>(nodes);
    for (Value output : graph.outputs()) {
      String maker = standIn(output.name());
      if (maker.equals(output.name())) {
        continue;
      }
      if (bound.contains(maker) || names.containsKey(maker)) {
        all.add(Node.of("Identity", List.of(maker), List.of(output.name()), Map.of()));
      } else {
        names.put(maker, output.name());
      }
    }
    return all.stream()
        .map(
            n ->
                new Node(
                    n.name(),
                    n.domain(),
                    n.op(),
                    n.inputs().stream().map(i -> names.getOrDefault(i, i)).toList(),
                    n.outputs().stream().map(o -> names.getOrDefault(o, o)).toList(),
                    n.attributes()))
        .toList();
  }

  private Map<String, HostTensor> kept(Set<String> used) {
    Map<String, HostTensor> kept = new LinkedHashMap<>(initializers);
    kept.keySet().retainAll(used);
    return kept;
  }
}
