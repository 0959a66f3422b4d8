package org.distill4j.shapes;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What is known of a graph's values before it is run: types, shapes, constants. */
public final class KnownValues {
  private final Graph graph;
  private final Function<String, ValueFact> facts;
  private final Function<String, HostTensor> constants;

  /**
   * By what gives facts and constants.
   *
   * @param constants gives null for what is computed
   */
  KnownValues(
      Graph graph, Function<String, ValueFact> facts, Function<String, HostTensor> constants) {
    this.graph = graph;
    this.facts = facts;
    this.constants = constants;
  }

  /** By the shapes of a graph, with its initializers and what its Constant nodes hold. */
  public static KnownValues of(Graph graph, Shapes shapes) {
    Map<String, HostTensor> constants = new HashMap<>(graph.initializers());
    for (Node node : graph.nodes()) {
      if (node.op().equals("Constant")) {
        graph.constant(node.output()).ifPresent(c -> constants.put(node.output(), c));
      }
    }
    return of(graph, shapes, constants::get);
  }

  /**
   * By the shapes of a graph and constants that are found in another way.
   *
   * @param constants gives null for what is computed
   */
  public static KnownValues of(Graph graph, Shapes shapes, Function<String, HostTensor> constants) {
    return new KnownValues(graph, shapes::fact, constants);
  }

  ValueFact fact(String value) {
    return facts.apply(value);
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** The shape of a value, its extents symbols where the graph leaves them open. */
  public Shape shape(String value) {
    return fact(value).shape();
  }

  /** What one element of a value is. */
  public DType type(String value) {
    return fact(value).type();
  }

  /** The constant behind a value, weights among them; empty for what is computed. */
  public Optional<HostTensor> constant(String value) {
    return Optional.ofNullable(constants.apply(value));
  }

  /** The elements of an integer value, if they follow from constants and shapes. */
  public Optional<long[]> integers(String value) {
    HostTensor constant = constants.apply(value);
    if (constant != null && !constant.type().isFloating()) {
      return Optional.of(constant.toLongs());
    }
    return value.isEmpty() ? Optional.empty() : Optional.ofNullable(fact(value).numbers());
  }

  /** Whether a node or an output of the graph uses a value. */
  public boolean isUsed(String value) {
    return graph.outputs().stream().anyMatch(o -> o.name().equals(value))
        || graph.nodes().stream().anyMatch(n -> n.inputs().contains(value));
  }
}
