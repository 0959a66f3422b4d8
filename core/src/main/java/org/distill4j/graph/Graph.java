package org.distill4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.tensor.HostTensor;

/**
 * A model: an immutable directed acyclic graph with the semantics of ONNX at {@link #OPSET}.
 *
 * <p>Invariants, checked at birth: nodes stand in an order in which every input is made before it
 * is used; every value is made once; no name dangles; every output exists.
 *
 * @param name for people
 * @param inputs what is fed, without the initializers
 * @param outputs what comes out
 * @param nodes in topological order
 * @param initializers the constants by value name, weights among them, in a stable order
 * @param metadata texts that travel with the model; {@link Metadata} reads the ones this project
 *     knows
 */
public record Graph(
    String name,
    List<Value> inputs,
    List<Value> outputs,
    List<Node> nodes,
    Map<String, HostTensor> initializers,
    Map<String, String> metadata) {
  /** The version of ONNX's own operators that every graph in memory speaks. */
  public static final int OPSET = 21;

  /** Takes copies and checks the invariants. */
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    check(inputs, outputs, nodes, initializers);
  }

  private static void check(
      List<Value> inputs,
      List<Value> outputs,
      List<Node> nodes,
      Map<String, HostTensor> initializers) {
    Set<String> made = new HashSet<>(initializers.keySet());
    for (Value input : inputs) {
      require(made.add(input.name()), "input '" + input.name() + "': is there twice");
    }
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      require(names.add(node.name()), node + ": its name is taken by another node");
      for (String input : node.inputs()) {
        require(
            input.isEmpty() || made.contains(input),
            node + ": input '" + input + "' is made by no earlier node");
      }
      for (String output : node.outputs()) {
        require(
            output.isEmpty() || made.add(output), node + ": value '" + output + "' is made twice");
      }
    }
    for (Value output : outputs) {
      require(made.contains(output.name()), "output '" + output.name() + "': is made by no node");
    }
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException("graph: " + fault);
    }
  }

  /** The same structure with other constants under the same names. */
  public Graph withInitializers(Map<String, HostTensor> others) {
    Map<String, HostTensor> merged = new LinkedHashMap<>(initializers);
    others.forEach(
        (key, tensor) -> {
          require(initializers.containsKey(key), "initializer '" + key + "': is not there");
          merged.put(key, tensor);
        });
    return new Graph(name, inputs, outputs, nodes, merged, metadata);
  }

  /** The same model with other metadata. */
  public Graph withMetadata(Map<String, String> others) {
    return new Graph(name, inputs, outputs, nodes, initializers, others);
  }

  /** The node that makes each value. */
  public Map<String, Node> producers() {
    Map<String, Node> producers = new HashMap<>();
    for (Node node : nodes) {
      node.outputs().forEach(o -> producers.put(o, node));
    }
    return producers;
  }

  /** The nodes that use each value, each node once, in the graph's order. */
  public Map<String, List<Node>> consumers() {
    Map<String, List<Node>> consumers = new HashMap<>();
    for (Node node : nodes) {
      for (String input : new HashSet<>(node.inputs())) {
        consumers.computeIfAbsent(input, k -> new ArrayList<>()).add(node);
      }
    }
    return consumers;
  }

  /**
   * The constant behind a value: an initializer, or what a Constant node with a tensor holds; empty
   * for what is computed.
   */
  public Optional<HostTensor> constant(String value) {
    HostTensor initializer = initializers.get(value);
    if (initializer != null) {
      return Optional.of(initializer);
    }
    return nodes.stream()
        .filter(n -> n.op().equals("Constant") && n.outputs().contains(value))
        .map(n -> n.attributes().get("value"))
        .filter(Attribute.Array.class::isInstance)
        .map(a -> ((Attribute.Array) a).value())
        .findFirst();
  }

  /** The only input of a model that has one. */
  public Value onlyInput() {
    require(
        inputs.size() == 1,
        "inputs: " + names(inputs) + " (expected: exactly one); give it one in its exporter");
    return inputs.get(0);
  }

  /** The only output of a model that has one. */
  public Value onlyOutput() {
    require(
        outputs.size() == 1,
        "outputs: " + names(outputs) + " (expected: exactly one); keep one in its exporter");
    return outputs.get(0);
  }

  private static List<String> names(List<Value> values) {
    return values.stream().map(Value::name).toList();
  }

  /** Short on purpose: a graph's constants do not belong in a log. */
  @Override
  public String toString() {
    return "graph '" + name + "' of " + nodes.size() + " nodes";
  }
}
