package org.distill4j.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * An edit of a graph: nodes replaced or removed and constants set, all at once. Constants that
 * nothing uses any longer go.
 */
public final class Edit {
  private final Graph graph;
  private final Map<String, HostTensor> initializers;
  private final Map<String, Node> replaced = new HashMap<>(); // by the node's name
  private final Map<String, String> renamed = new HashMap<>(); // a removed value to what stands in
  private final Set<String> names;

  /** Begins with a graph as it is. */
  public Edit(Graph graph) {
    this.graph = graph;
    this.initializers = new LinkedHashMap<>(graph.initializers());
    this.names = new LinkedHashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(v -> names.add(v.name()));
    graph.nodes().forEach(n -> names.addAll(n.outputs()));
  }

  /** The node as it is by now. */
  public Node node(Node original) {
    return replaced.getOrDefault(original.name(), original);
  }

  /** Adds a constant under a name of its own, close to the one wished for; returns the name. */
  public String constant(String wish, HostTensor value) {
    String name = wish;
    for (int i = 2; !names.add(name); i++) {
      name = wish + "_" + i;
    }
    initializers.put(name, value);
    return name;
  }

  /** The constant of this name as it is by now. */
  public HostTensor constant(String name) {
    return initializers.get(name);
  }

  /** Puts a node in the place of the one of the same name. */
  public void replace(Node node) {
    replaced.put(node.name(), node);
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
  public void reweigh(Weighted weighted, float[] weights, float[] biases) {
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
    List<Node> nodes = new ArrayList<>();
    Set<String> used = new LinkedHashSet<>();
    for (Node original : graph.nodes()) {
      Node node = replaced.containsKey(original.name()) ? replaced.get(original.name()) : original;
      if (node != null) {
        Node wired = node.withInputs(node.inputs().stream().map(this::standIn).toList());
        nodes.add(wired);
        used.addAll(wired.inputs());
      }
    }
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

  private String standIn(String value) {
    String name = value;
    while (renamed.containsKey(name)) {
      name = renamed.get(name);
    }
    return name;
  }

  /** An output of the graph keeps its name: the node that makes it now takes it over. */
  private List<Node> renameOutputs(List<Node> nodes) {
    Map<String, String> names = new HashMap<>();
    for (Value output : graph.outputs()) {
      String maker = standIn(output.name());
      if (!maker.equals(output.name())) {
        names.put(maker, output.name());
      }
    }
    return nodes.stream()
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
