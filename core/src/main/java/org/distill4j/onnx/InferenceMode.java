package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * A model as it is in use: without the training mode that an exporter may leave in it.
 *
 * <p>A Dropout in training mode drops other elements at each call, a BatchNormalization in training
 * mode normalizes by the batch it happens to be in. In use the one passes everything on, the other
 * takes its stored statistics. A trainer brings both to life again: the ratio stays.
 *
 * @param graph without training mode
 * @param trained the nodes that were in it, as they were
 */
public record InferenceMode(Graph graph, List<Node> trained) {
  private static final int TRAINING_MODE = 2; // the input of a Dropout
  private static final int MEAN = 3; // the inputs of a BatchNormalization
  private static final int VARIANCE = 4;
  private static final int SHOWN = 3;

  private static final Set<String> DRAWING =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  /** Takes a copy. */
  public InferenceMode {
    trained = List.copyOf(trained);
  }

  /** Takes it out where it is; a graph without is the same. */
  static InferenceMode of(Graph graph) {
    List<Node> nodes = new ArrayList<>();
    List<Node> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (trains(graph, node)) {
        found.add(node);
        nodes.addAll(inUse(graph, node));
      } else {
        nodes.add(node);
      }
    }
    return new InferenceMode(found.isEmpty() ? graph : with(graph, nodes), found);
  }

  /** A line for each operator that was in training mode. */
  public static List<String> notes(List<Node> trained) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    trained.forEach(n -> names.computeIfAbsent(n.op(), op -> new ArrayList<>()).add(n.name()));
    List<String> notes = new ArrayList<>();
    names.forEach(
        (op, of) ->
            notes.add(
                "%s %s: in training mode in the file, taken in inference mode"
                    .formatted(op, listed(of))));
    return notes;
  }

  /** The graph with other nodes, without the inputs and constants that these use no more. */
  private static Graph with(Graph graph, List<Node> nodes) {
    Set<String> gone = new HashSet<>();
    graph.nodes().forEach(node -> gone.addAll(node.inputs()));
    nodes.forEach(node -> gone.removeAll(node.inputs()));
    graph.outputs().forEach(output -> gone.remove(output.name()));
    Map<String, HostTensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.keySet().removeAll(gone);
    return new Graph(
        graph.name(),
        graph.inputs().stream().filter(input -> !gone.contains(input.name())).toList(),
        graph.outputs(),
        nodes,
        constants,
        graph.metadata());
  }

  /**
   * Refuses a model that draws random numbers, whose answers are others at each call.
   *
   * @throws InputFault if a node of it does
   */
  public static void requireFixed(Graph graph) {
    for (Node node : graph.nodes()) {
      if (node.domain().isEmpty() && DRAWING.contains(node.op())) {
        throw new InputFault(
            "model '%s': %s '%s' draws other numbers at each call (expected: none); export the model in inference mode"
                .formatted(graph.name(), node.op(), node.name()));
      }
    }
  }

  private static String listed(List<String> names) {
    String shown = "'" + String.join("', '", names.subList(0, Math.min(SHOWN, names.size()))) + "'";
    return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
  }

  private static boolean trains(Graph graph, Node node) {
    if (!node.domain().isEmpty()) {
      return false;
    }
    return switch (node.op()) {
      case "Dropout" -> node.hasInput(TRAINING_MODE) && !isFalse(graph, node.input(TRAINING_MODE));
      case "BatchNormalization" -> node.intAttribute("training_mode", 0) != 0;
      default -> false;
    };
  }

  private static boolean isFalse(Graph graph, String value) {
    return graph
        .constant(value)
        .filter(t -> t.type() == DType.BOOL && t.elements() == 1)
        .map(HostTensor::bytes)
        .filter(bytes -> bytes.get(bytes.position()) == 0)
        .isPresent();
  }

  /**
   * What stands for it; statistics that it gives beside, and that are used, are the stored ones.
   */
  private static List<Node> inUse(Graph graph, Node node) {
    if (node.op().equals("Dropout")) {
      return List.of(node.withInputs(node.inputs().subList(0, TRAINING_MODE)));
    }
    List<Node> nodes = new ArrayList<>();
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.remove("training_mode");
    nodes.add(
        NodeChanges.withOutputs(node.withAttributes(attributes), List.of(node.outputs().get(0))));
    for (int i = 1; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      boolean isUsed =
          graph.consumers().containsKey(output)
              || graph.outputs().stream().anyMatch(value -> value.name().equals(output));
      if (isUsed) {
        String stored = node.input(i == 1 ? MEAN : VARIANCE);
        nodes.add(
            new Node(
                FreshNames.of(graph).name(node.name() + "/stored-" + i),
                "",
                "Identity",
                List.of(stored),
                List.of(output),
                Map.of()));
      }
    }
    return nodes;
  }
}
