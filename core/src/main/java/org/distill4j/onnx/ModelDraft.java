package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/** A model on its way from a file to a graph: what the parsers fill, the upgraders change. */
final class ModelDraft {
  final ModelSource source;
  final List<Value> inputs = new ArrayList<>();
  final List<Value> outputs = new ArrayList<>();
  final Map<String, HostTensor> initializers = new LinkedHashMap<>();
  final Map<String, String> metadata = new LinkedHashMap<>();

  /** What the file says of values inside the model. */
  final Map<String, Value> declared = new HashMap<>();

  /** The version of each domain, ONNX's own under the empty name. */
  final Map<String, Long> opsets = new HashMap<>();

  List<Node> nodes = new ArrayList<>();
  String name = "";

  /** Whether an upgrader wanted a shape or type that the file does not tell. */
  boolean guessed;

  ModelDraft(ModelSource source) {
    this.source = source;
  }

  /** Another draft with the same content. */
  ModelDraft copy() {
    ModelDraft copy = new ModelDraft(source);
    copy.inputs.addAll(inputs);
    copy.outputs.addAll(outputs);
    copy.initializers.putAll(initializers);
    copy.metadata.putAll(metadata);
    copy.declared.putAll(declared);
    copy.opsets.putAll(opsets);
    copy.nodes = new ArrayList<>(nodes);
    copy.name = name;
    return copy;
  }

  /** The opset of ONNX's own operators; that of a graph where the model uses none of them. */
  int opset() {
    return Math.toIntExact(opsets.getOrDefault("", (long) Graph.OPSET));
  }

  /** The names of all values, those that dangle included. */
  Set<String> valueNames() {
    Set<String> names = new HashSet<>(initializers.keySet());
    inputs.forEach(v -> names.add(v.name()));
    outputs.forEach(v -> names.add(v.name()));
    for (Node node : nodes) {
      names.addAll(node.inputs());
      names.addAll(node.outputs());
    }
    return names;
  }

  /** The values that nodes or the model's outputs use. */
  Set<String> used() {
    Set<String> used = new HashSet<>();
    nodes.forEach(node -> used.addAll(node.inputs()));
    outputs.forEach(output -> used.add(output.name()));
    return used;
  }

  /** The graph, once everything is of opset 21. */
  Graph toGraph() {
    for (Node node : nodes) {
      long version = opsets.getOrDefault(node.domain(), 1L);
      if (!node.domain().isEmpty() && version != 1) {
        metadata.put(DomainVersions.key(node.domain()), Long.toString(version));
      }
    }
    try {
      return new Graph(name, inputs, outputs, nodes, initializers, metadata);
    } catch (IllegalArgumentException e) {
      throw source.fault(e.getMessage(), e);
    }
  }
}
