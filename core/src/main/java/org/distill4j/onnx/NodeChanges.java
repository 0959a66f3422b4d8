package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;

/** Small changes of one node. */
final class NodeChanges {
  private NodeChanges() {}

  /** The node under another operator. */
  static Node as(String op, Node node) {
    return new Node(
        node.name(), node.domain(), op, node.inputs(), node.outputs(), node.attributes());
  }

  /** The node without some attributes. */
  static Node without(Node node, String... keys) {
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    rest.keySet().removeAll(List.of(keys));
    return node.withAttributes(rest);
  }

  /** The node with one attribute more, or another value of it. */
  static Node with(Node node, String key, Attribute value) {
    Map<String, Attribute> all = new LinkedHashMap<>(node.attributes());
    all.put(key, value);
    return node.withAttributes(all);
  }

  /** The node with one more input after those it has. */
  static Node withInput(Node node, String input) {
    List<String> all = new ArrayList<>(node.inputs());
    all.add(input);
    return node.withInputs(all);
  }

  /** The node with other outputs. */
  static Node withOutputs(Node node, List<String> outputs) {
    return new Node(
        node.name(), node.domain(), node.op(), node.inputs(), outputs, node.attributes());
  }
}
