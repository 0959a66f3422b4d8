package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.KnownValues;
import org.distill4j.shapes.NodeSite;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The shapes and constants of a graph, as far as they are known before it is lowered. */
public final class GraphFacts {
  private final Graph graph;
  private final KnownValues known;
  private final Map<String, HostTensor> constants;
  private final Map<String, String> origins = new HashMap<>();
  private final List<NodeSite> sites = new ArrayList<>();
  private final List<NodeSite> computed = new ArrayList<>();

  private GraphFacts(Graph graph) {
    this.graph = graph;
    Shapes shapes = ShapeInference.infer(graph);
    this.constants = new HashMap<>(graph.initializers());
    this.known = KnownValues.of(graph, shapes, value -> constants.get(origin(value)));
    graph.nodes().forEach(node -> visit(node, shapes));
  }

  /**
   * Infers what can be known.
   *
   * @throws org.distill4j.fault.InputFault if the graph contradicts itself
   */
  public static GraphFacts of(Graph graph) {
    return new GraphFacts(graph);
  }

  private void visit(Node node, Shapes shapes) {
    if (node.domain().isEmpty() && node.op().equals("Constant")) {
      held(node).ifPresent(tensor -> constants.put(node.output(), tensor));
    } else if (node.domain().isEmpty()
        && node.op().equals("Identity")
        && constants.containsKey(origin(node.input(0)))) {
      origins.put(node.output(), origin(node.input(0)));
    } else {
      NodeSite site = new NodeSite(node, known);
      List<String> made = node.outputs().stream().filter(o -> !o.isEmpty()).toList();
      if (made.stream().anyMatch(o -> shapes.type(o).isFloating())) {
        sites.add(site);
      }
      if (!made.stream().allMatch(o -> shapes.integers(o).isPresent())) {
        computed.add(site);
      }
    }
  }

  private static Optional<HostTensor> held(Node node) {
    Attribute only = node.attributes().values().stream().findFirst().orElse(null);
    if (only instanceof Attribute.Array array) {
      return Optional.of(array.value());
    } else if (only instanceof Attribute.Real real) {
      return Optional.of(HostTensor.scalar(real.value()));
    } else if (only instanceof Attribute.Int integer) {
      return Optional.of(HostTensor.ofLongs(Shape.SCALAR, integer.value()));
    } else if (only instanceof Attribute.Ints integers) {
      return Optional.of(
          HostTensor.ofLongs(Shape.of(integers.values().size()), integers.toArray()));
    } else if (only instanceof Attribute.Reals reals) {
      float[] values = new float[reals.values().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = reals.values().get(i);
      }
      return Optional.of(HostTensor.ofFloats(Shape.of(values.length), values));
    }
    return Optional.empty();
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /**
   * The nodes to lower, in order: those that compute floating-point values. What a graph computes
   * of shapes is known from their inference.
   */
  public List<NodeSite> sites() {
    return sites;
  }

  /** The nodes whose results are not known beforehand, of any type, in order. */
  public List<NodeSite> computed() {
    return computed;
  }

  /** What is known of the graph's values; of constants by any name. */
  public KnownValues known() {
    return known;
  }

  /** What a value is called where it is made, behind all Identity nodes, if it is a constant. */
  public String origin(String value) {
    return origins.getOrDefault(value, value);
  }
}
