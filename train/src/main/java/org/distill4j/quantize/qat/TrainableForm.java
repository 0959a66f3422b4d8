package org.distill4j.quantize.qat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.quantize.ptq.QuantizationPlan;
import org.distill4j.tensor.HostTensor;

/**
 * A model of integers in the form in which it is trained: its weights and biases are the float
 * model's again, weights go through a QuantizeLinear and a DequantizeLinear of the scales that they
 * had, and tensors that share a scale name one constant. {@link FakeQuantizationRemoval} is the way
 * back.
 */
final class TrainableForm {
  private final Graph integers;
  private final Graph floats;
  private final Map<String, Node> producers;
  private final GraphEdit edit;
  private final Map<String, LinearLayer> layers = new HashMap<>(); // of the float model, by node
  private final Map<String, String> shared = new HashMap<>(); // a constant to what stands for it

  private TrainableForm(Graph integers, Graph floats, Set<String> keepFloat) {
    this.integers = integers;
    this.floats = floats;
    this.producers = integers.producers();
    this.edit = new GraphEdit(integers);
    floats.nodes().forEach(n -> LinearLayer.of(floats, n).ifPresent(w -> layers.put(n.name(), w)));
    share(new QuantizationPlan(floats, keepFloat));
  }

  /**
   * Makes it.
   *
   * @param integers the model of integers
   * @param floats what it was made from, its normalizations folded
   * @param keepFloat names of nodes that stayed float
   */
  static Graph of(Graph integers, Graph floats, Set<String> keepFloat) {
    return new TrainableForm(integers, floats, keepFloat).graph();
  }

  private void share(QuantizationPlan plan) {
    Map<String, Node> rounding = new HashMap<>();
    for (Node node : integers.nodes()) {
      if (node.op().equals("QuantizeLinear")) {
        rounding.put(node.input(0), node);
      }
    }
    for (List<String> group : plan.groups().values()) {
      Node first = rounding.get(group.get(0));
      for (String tensor : group) {
        Node node = rounding.get(tensor);
        if (first != null && node != null) {
          shared.put(node.input(1), first.input(1));
          shared.put(node.input(2), first.input(2));
        }
      }
    }
  }

  private Graph graph() {
    for (Node node : integers.nodes()) {
      List<String> inputs = new ArrayList<>(node.inputs());
      LinearLayer layer = layers.get(node.name());
      if (layer != null && isStored(node.input(1))) {
        inputs.set(1, rounded(node, layer, producers.get(node.input(1))));
        if (layer.bias().isPresent()) {
          inputs.set(2, edit.constant(layer.node().input(2), layer.bias().get()));
        }
      }
      inputs.replaceAll(i -> shared.getOrDefault(i, i));
      edit.replace(node.withInputs(inputs));
    }
    return used(edit.graph());
  }

  /** Whether constant integers stand behind a value. */
  private boolean isStored(String value) {
    Node maker = producers.get(value);
    return maker != null
        && maker.op().equals("DequantizeLinear")
        && integers.initializers().containsKey(maker.input(0));
  }

  private String rounded(Node node, LinearLayer layer, Node stored) {
    String weights = edit.constant(layer.node().input(1), layer.weights());
    String quantized = edit.fresh(weights + ".q");
    String back = edit.fresh(weights + ".rounded");
    List<String> grid = List.of(stored.input(1), stored.input(2));
    edit.insertBefore(
        node,
        Node.of(
            "QuantizeLinear",
            List.of(weights, grid.get(0), grid.get(1)),
            List.of(quantized),
            stored.attributes()));
    edit.insertBefore(
        node,
        Node.of(
            "DequantizeLinear",
            List.of(quantized, grid.get(0), grid.get(1)),
            List.of(back),
            stored.attributes()));
    return back;
  }

  /** Without what nothing uses: the stored integers. */
  private Graph used(Graph all) {
    Set<String> used = new HashSet<>();
    all.nodes().forEach(n -> used.addAll(n.inputs()));
    all.outputs().forEach(v -> used.add(v.name()));
    List<Node> kept =
        all.nodes().stream()
            .filter(n -> !n.op().equals("DequantizeLinear") || used.contains(n.output()))
            .toList();
    Set<String> needed = new HashSet<>();
    kept.forEach(n -> needed.addAll(n.inputs()));
    Map<String, HostTensor> initializers = new LinkedHashMap<>(all.initializers());
    initializers.keySet().retainAll(needed);
    return new Graph(
        floats.name(), floats.inputs(), floats.outputs(), kept, initializers, floats.metadata());
  }
}
