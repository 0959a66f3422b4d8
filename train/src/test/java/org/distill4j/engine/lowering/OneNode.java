package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Writes small graphs for tests: {@code x} goes in, {@code y} comes out. */
final class OneNode {
  private final List<Value> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, HostTensor> initializers = new LinkedHashMap<>();
  private final String title;

  private OneNode(String title) {
    this.title = title;
  }

  static OneNode graph(String title) {
    return new OneNode(title);
  }

  /** An input whose first extent is the batch. */
  OneNode input(String name, long... example) {
    inputs.add(new Value(name, DType.FLOAT32, Shape.of(example).prepend(Dim.of("batch"))));
    return this;
  }

  /** An input of fixed extents. */
  OneNode fixed(String name, long... sizes) {
    inputs.add(new Value(name, DType.FLOAT32, Shape.of(sizes)));
    return this;
  }

  /** A map whose batch, rows and columns are symbols. */
  OneNode open(String name, long channels) {
    List<Dim> dims = List.of(Dim.of("batch"), Dim.of(channels), Dim.of("h"), Dim.of("w"));
    inputs.add(new Value(name, DType.FLOAT32, Shape.of(dims)));
    return this;
  }

  /** An initializer with distinct values in -1..1. */
  OneNode weight(String name, long... sizes) {
    return constant(name, LoweredRun.spread(Shape.of(sizes), 11L + initializers.size()));
  }

  OneNode constant(String name, HostTensor tensor) {
    initializers.put(name, tensor);
    return this;
  }

  OneNode number(String name, double value) {
    return constant(name, HostTensor.scalar((float) value));
  }

  OneNode integers(String name, long... values) {
    return constant(name, HostTensor.ofLongs(Shape.of(values.length), values));
  }

  /**
   * A node.
   *
   * @param inputs names, separated by blanks; {@code -} for an omitted one
   * @param attributes names and values by turns: Long, Integer, Float, Double, String or long[]
   */
  OneNode node(String op, String inputs, String output, Object... attributes) {
    Map<String, Attribute> all = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      all.put((String) attributes[i], attribute(attributes[i + 1]));
    }
    List<String> names =
        List.of(inputs.split(" ")).stream().map(n -> n.equals("-") ? "" : n).toList();
    nodes.add(Node.of(op, names, List.of(output), all));
    return this;
  }

  private static Attribute attribute(Object value) {
    if (value instanceof long[] integers) {
      return Attribute.ofInts(integers);
    } else if (value instanceof String text) {
      return Attribute.of(text);
    } else if (value instanceof Integer integer) {
      return Attribute.of((long) integer);
    }
    return Attribute.of(((Number) value).floatValue());
  }

  Graph build() {
    Value unknown = new Value("y", DType.FLOAT32, Shape.UNRANKED);
    Graph open = new Graph(title, inputs, List.of(unknown), nodes, initializers, Map.of());
    Shape shape = ShapeInference.infer(open).shape("y");
    Value output = new Value("y", DType.FLOAT32, shape);
    return new Graph(title, inputs, List.of(output), nodes, initializers, Map.of());
  }
}
