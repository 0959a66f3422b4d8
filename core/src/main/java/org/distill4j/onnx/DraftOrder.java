package org.distill4j.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Makes sure that every value of a draft is made once, before it is used. */
final class DraftOrder {
  private final ModelDraft draft;
  private final ModelSource source;
  private final Map<String, Node> makers = new HashMap<>();

  private DraftOrder(ModelDraft draft) {
    this.draft = draft;
    this.source = draft.source;
  }

  /**
   * Drops inputs that are also initializers, names the nodes, refuses duplicate and dangling names
   * and cycles, and sorts the nodes if need be. A node that has no name or another node's gets one
   * of its own: names of nodes bind nothing.
   */
  static void check(ModelDraft draft) {
    DraftOrder wiring = new DraftOrder(draft);
    wiring.dropDefaults();
    wiring.nameNodes();
    wiring.checkMadeOnce();
    wiring.checkNothingDangles();
    wiring.sort();
  }

  /** Until IR version 3 every initializer was an input too, since 4 such an input is a default. */
  private void dropDefaults() {
    for (Value input : draft.inputs) {
      HostTensor constant = draft.initializers.get(input.name());
      if (constant != null) {
        checkSame("input", input, constant);
      }
    }
    draft.inputs.removeIf(input -> draft.initializers.containsKey(input.name()));
    for (Value value : draft.declared.values()) {
      HostTensor constant = draft.initializers.get(value.name());
      if (constant != null) {
        checkSame("value", value, constant);
      }
    }
  }

  private void checkSame(String what, Value value, HostTensor constant) {
    source.require(
        value.type() == constant.type() && fits(value.shape(), constant.shape()),
        what
            + " '"
            + value.name()
            + "': declared as "
            + value.type()
            + " "
            + value.shape()
            + " (expected: "
            + constant
            + " like the initializer of that name)");
  }

  private static boolean fits(Shape declared, Shape actual) {
    if (!declared.isRanked()) {
      return true;
    }
    boolean fits = declared.rank() == actual.rank();
    for (int i = 0; fits && i < actual.rank(); i++) {
      fits = !declared.dim(i).isKnown() || declared.dim(i).equals(actual.dim(i));
    }
    return fits;
  }

  private void nameNodes() {
    FreshNames names = new FreshNames(draft.nodes.stream().map(Node::name).toList(), 1);
    Set<String> given = new HashSet<>();
    draft.nodes.replaceAll(
        node -> {
          if (!node.name().isEmpty() && given.add(node.name())) {
            return node;
          }
          String name = names.name(node.name().isEmpty() ? firstOutput(node) : node.name());
          given.add(name);
          return new Node(
              name, node.domain(), node.op(), node.inputs(), node.outputs(), node.attributes());
        });
  }

  private static String firstOutput(Node node) {
    return node.outputs().stream().filter(o -> !o.isEmpty()).findFirst().orElse(node.op());
  }

  private void checkMadeOnce() {
    Set<String> given = new HashSet<>(draft.initializers.keySet());
    for (Value input : draft.inputs) {
      source.require(
          given.add(input.name()),
          "input '" + input.name() + "': is there twice (expected: unique names)");
    }
    for (Node node : draft.nodes) {
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          Node other = makers.put(output, node);
          source.require(
              other == null && !given.contains(output),
              node
                  + ": makes '"
                  + output
                  + "', which is made by "
                  + (other == null ? "an input or initializer" : other)
                  + " (expected: every value is made once)");
        }
      }
    }
  }

  private void checkNothingDangles() {
    Set<String> made = new HashSet<>(makers.keySet());
    made.addAll(draft.initializers.keySet());
    draft.inputs.forEach(input -> made.add(input.name()));
    for (Node node : draft.nodes) {
      for (String input : node.inputs()) {
        source.require(
            input.isEmpty() || made.contains(input),
            node
                + ": input '"
                + input
                + "' comes from nowhere (expected: a node, an input or an initializer makes it)");
      }
    }
    source.require(!draft.outputs.isEmpty(), "has no outputs (expected: at least one)");
    Set<String> outputs = new HashSet<>();
    for (Value output : draft.outputs) {
      source.require(
          made.contains(output.name()),
          "output '"
              + output.name()
              + "': comes from nowhere (expected: a node, an input or an initializer makes it)");
      source.require(
          outputs.add(output.name()),
          "output '" + output.name() + "': is there twice (expected: unique names)");
    }
  }

  /** A node whose inputs are being seen to, with those still to come. */
  private record Waiting(Node node, Iterator<String> inputs) {}

  /** Keeps the file's order where it can: a node that is waited for moves ahead of who waits. */
  private void sort() {
    List<Node> sorted = new ArrayList<>(draft.nodes.size());
    Set<String> seen = new HashSet<>();
    Set<String> done = new HashSet<>();
    Deque<Waiting> open = new ArrayDeque<>();
    for (Node root : draft.nodes) {
      if (seen.add(root.name())) {
        open.push(new Waiting(root, root.inputs().iterator()));
      }
      while (!open.isEmpty()) {
        Waiting last = open.peek();
        if (!last.inputs.hasNext()) {
          done.add(last.node.name());
          sorted.add(last.node);
          open.pop();
          continue;
        }
        Node maker = makers.get(last.inputs.next());
        if (maker != null && seen.add(maker.name())) {
          open.push(new Waiting(maker, maker.inputs().iterator()));
        } else if (maker != null) {
          source.require(
              done.contains(maker.name()),
              last.node
                  + ": waits for "
                  + maker
                  + ", which waits for it (expected: a graph without cycles)");
        }
      }
    }
    draft.nodes = sorted;
  }
}
