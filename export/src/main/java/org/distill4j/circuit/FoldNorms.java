package org.distill4j.circuit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.layout.GraphFacts;
import org.distill4j.layout.NodeSite;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Puts each BatchNormalization into the Conv or Gemm in front of it, if nothing else uses what that
 * makes: {@code w' = w factor}, {@code b' = b factor + offset}, both per output channel.
 */
final class FoldNorms {
  private final Graph graph;
  private final GraphFacts facts;
  private final Map<String, HostTensor> initializers;

  private FoldNorms(Graph graph) {
    this.graph = graph;
    this.facts = GraphFacts.of(graph);
    this.initializers = new LinkedHashMap<>(graph.initializers());
  }

  /** The same function with fewer nodes; the same graph if there is nothing to fold. */
  static Graph apply(Graph graph) {
    return new FoldNorms(graph).run();
  }

  private Graph run() {
    Map<String, NodeSite> makers = new HashMap<>();
    for (NodeSite site : facts.computed()) {
      site.node().outputs().forEach(o -> makers.put(o, site));
    }
    Map<String, Node> folded = new HashMap<>();
    Map<String, String> gone = new HashMap<>();
    for (NodeSite norm : facts.computed()) {
      NodeSite before = makers.get(norm.node().input(0));
      if (isNorm(norm) && before != null && canTake(before)) {
        Node both = fold(before, norm);
        folded.put(before.node().name(), both);
        gone.put(norm.node().name(), before.node().name());
      }
    }
    if (folded.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!gone.containsKey(node.name())) {
        nodes.add(folded.getOrDefault(node.name(), node));
      }
    }
    return new Graph(
        graph.name(), graph.inputs(), graph.outputs(), nodes, initializers, graph.metadata());
  }

  private static boolean isNorm(NodeSite site) {
    boolean plain = site.node().domain().isEmpty() && site.node().op().equals("BatchNormalization");
    for (int input = 1; plain && input < 5; input++) {
      plain = site.isConstant(input);
    }
    return plain;
  }

  private boolean canTake(NodeSite site) {
    Node node = site.node();
    boolean kind =
        node.domain().isEmpty() && (node.op().equals("Conv") || node.op().equals("Gemm"));
    if (!kind || !site.isConstant(1) || (node.hasInput(2) && !site.isConstant(2))) {
      return false;
    }
    boolean isOutput = graph.outputs().stream().anyMatch(o -> o.name().equals(node.output()));
    long readers = graph.nodes().stream().filter(n -> n.inputs().contains(node.output())).count();
    boolean scaled =
        node.op().equals("Gemm")
            && (node.floatAttribute("alpha", 1) != 1 || node.floatAttribute("beta", 1) != 1);
    return !isOutput && readers == 1 && !scaled;
  }

  private Node fold(NodeSite before, NodeSite after) {
    Norm norm = Norm.of(after);
    HostTensor weights = facts.constant(before.node().input(1)).orElseThrow();
    boolean lastAxis =
        before.node().op().equals("Gemm") && before.node().intAttribute("transB", 0) == 0;
    double[] factor = norm.factor();
    double[] offset = norm.offset();
    int channels = factor.length;
    double[] values = weights.toDoubles();
    int inner = lastAxis ? 1 : values.length / channels;
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) (values[i] * factor[i / inner % channels]);
    }
    Optional<double[]> bias =
        before.node().hasInput(2)
            ? facts.constant(before.node().input(2)).map(HostTensor::toDoubles)
            : Optional.empty();
    float[] moved = new float[channels];
    for (int c = 0; c < channels; c++) {
      int at = c;
      double own = bias.map(given -> given[given.length == 1 ? 0 : at]).orElse(0.0);
      moved[c] = (float) (own * factor[c] + offset[c]);
    }
    String stem = after.node().output();
    String w = stem + ".weight.folded";
    String b = stem + ".bias.folded";
    initializers.put(w, HostTensor.ofFloats(weights.shape(), scaled));
    initializers.put(b, HostTensor.ofFloats(Shape.of(channels), moved));
    Node node = before.node();
    return new Node(
        node.name(),
        node.domain(),
        node.op(),
        List.of(node.input(0), w, b),
        List.of(after.node().output()),
        node.attributes());
  }
}
