package org.distill4j.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What is known of a graph before it is lowered: its shapes, and its constants by any name. */
final class GraphFacts {
  private final Graph graph;
  private final Shapes shapes;
  private final Map<String, HostTensor> constants;
  private final Map<String, String> origins = new HashMap<>();
  private final List<NodeSite> sites = new ArrayList<>();

  private GraphFacts(Graph graph) {
    this.graph = graph;
    this.shapes = ShapeInference.infer(graph);
    this.constants = new HashMap<>(graph.initializers());
    for (int i = 0; i < graph.nodes().size(); i++) {
      visit(graph.nodes().get(i), i);
    }
  }

  static GraphFacts of(Graph graph) {
    return new GraphFacts(graph);
  }

  private void visit(Node node, int index) {
    if (node.domain().isEmpty() && node.op().equals("Constant")) {
      held(node).ifPresent(tensor -> constants.put(node.output(), tensor));
    } else if (node.domain().isEmpty()
        && node.op().equals("Identity")
        && constants.containsKey(origin(node.input(0)))) {
      origins.put(node.output(), origin(node.input(0)));
    } else if (node.outputs().stream().anyMatch(o -> !o.isEmpty() && shapes.type(o).isFloating())) {
      sites.add(new NodeSite(this, node, index));
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

  Graph graph() {
    return graph;
  }

  /**
   * The nodes to lower, in order: those that compute floating-point values. What a graph computes
   * of shapes is known from their inference.
   */
  List<NodeSite> sites() {
    return sites;
  }

  /** The node that makes a value, if it is one to lower. */
  Optional<NodeSite> maker(String value) {
    return sites.stream().filter(s -> s.node().outputs().contains(value)).findFirst();
  }

  Shape shape(String value) {
    return shapes.shape(value);
  }

  /** The elements of an integer value, if they are known. */
  Optional<long[]> integers(String value) {
    HostTensor constant = constants.get(origin(value));
    return constant != null && !constant.type().isFloating()
        ? Optional.of(constant.toLongs())
        : shapes.integers(value);
  }

  /** Whether a node or an output of the graph uses a value. */
  boolean isUsed(String value) {
    return graph.outputs().stream().anyMatch(o -> o.name().equals(value))
        || graph.nodes().stream().anyMatch(n -> n.inputs().contains(value));
  }

  /** What a value is called where it is made, behind all Identity nodes, if it is a constant. */
  String origin(String value) {
    return origins.getOrDefault(value, value);
  }

  /** The constant behind a value, weights among them. */
  Optional<HostTensor> constant(String value) {
    return Optional.ofNullable(constants.get(origin(value)));
  }
}
