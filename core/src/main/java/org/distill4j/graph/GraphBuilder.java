package org.distill4j.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A builder of graphs, written from the inputs to the outputs.
 *
 * <pre>{@code
 * GraphBuilder g = new GraphBuilder("tiny");
 * String x = g.input("input", DType.FLOAT32, Shape.of(8, 4));
 * String w = g.initializer("w", HostTensor.ofFloats(Shape.of(4, 2), new float[8]));
 * g.output(g.add("MatMul", Map.of(), x, w), DType.FLOAT32, Shape.of(8, 2));
 * Graph graph = g.build();
 * }</pre>
 */
public final class GraphBuilder {
  private final String name;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, HostTensor> initializers = new LinkedHashMap<>();
  private final FreshNames names = new FreshNames();

  /** An empty graph with a name for people. */
  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Adds an input and returns its name. */
  public String input(String input, DType type, Shape shape) {
    inputs.add(new Value(input, type, shape));
    names.take(input);
    return input;
  }

  /** Adds a constant and returns its name. */
  public String initializer(String initializer, HostTensor value) {
    initializers.put(initializer, value);
    names.take(initializer);
    return initializer;
  }

  /**
   * Adds a node with one output, both named after the operator, and returns the output's name.
   *
   * @param values names of inputs, in the operator's order
   */
  public String add(String op, Map<String, Attribute> attributes, String... values) {
    return addNamed(names.name(op.toLowerCase(Locale.ROOT)), op, attributes, values);
  }

  /** Adds a node with one output, both with a given name, and returns that name. */
  public String addNamed(
      String output, String op, Map<String, Attribute> attributes, String... values) {
    add(Node.of(op, List.of(values), List.of(output), attributes));
    return output;
  }

  /** Adds a node. */
  public GraphBuilder add(Node node) {
    nodes.add(node);
    node.outputs().forEach(names::take);
    return this;
  }

  /** Declares a value to be an output of the graph. */
  public GraphBuilder output(String value, DType type, Shape shape) {
    outputs.add(new Value(value, type, shape));
    return this;
  }

  /**
   * The graph.
   *
   * @throws IllegalArgumentException if a name dangles or is taken twice
   */
  public Graph build() {
    return new Graph(name, inputs, outputs, nodes, initializers, Map.of());
  }
}
