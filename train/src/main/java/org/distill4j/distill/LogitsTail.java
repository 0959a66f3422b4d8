package org.distill4j.distill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Nodes behind a teacher's output that make its answers logits of the data's classes, in their
 * order.
 *
 * <pre>{@code
 * probabilities  log p            a constant apart from the logits
 * sigmoid        log p - log (1 - p)
 * one output z   (0, z)
 * }</pre>
 *
 * <p>Probabilities below 1e-7 count as 1e-7: they were rounded to that, or to 0.
 */
final class LogitsTail {
  private static final float LEAST = 1e-7f;

  private final Graph graph;
  private final FreshNames names;
  private final List<Node> nodes;
  private final Map<String, HostTensor> constants;
  private String last;

  private LogitsTail(Graph graph) {
    this.graph = graph;
    this.names = FreshNames.of(graph);
    this.nodes = new ArrayList<>(graph.nodes());
    this.constants = new LinkedHashMap<>(graph.initializers());
    this.last = graph.onlyOutput().name();
  }

  /**
   * The graph with such nodes, or the same where none are needed.
   *
   * @param width how many numbers an answer has
   * @param kind what they are
   * @param whole what stands for certainty where they are no logits
   * @param classes the output that each of the data's classes is, of two where there is one
   */
  static Graph of(Graph graph, int width, ScoreKind kind, double whole, int[] classes) {
    Value output = graph.onlyOutput();
    int given = width == 1 && classes.length == 2 ? 2 : width;
    boolean isOrdered = IntStream.range(0, classes.length).allMatch(c -> classes[c] == c);
    boolean isInOrder = isOrdered && classes.length == given;
    boolean isFloat = output.type() == DType.FLOAT32;
    if (isFloat && kind == ScoreKind.LOGITS && given == width && isInOrder) {
      return graph;
    }
    LogitsTail tail = new LogitsTail(graph);
    if (!isFloat) {
      tail.add("Cast", Map.of("to", Attribute.of(1)));
    }
    tail.add("Reshape", Map.of(), tail.constant("shape", longs(-1, width)));
    tail.toLogits(kind, whole);
    if (given != width) {
      String zero = tail.last;
      tail.add("Mul", Map.of(), tail.constant("none", HostTensor.ofFloats(Shape.of(1), 0)));
      String none = tail.last;
      tail.add("Concat", Map.of("axis", Attribute.of(1)), List.of(none, zero));
    }
    if (!isInOrder) {
      long[] order = IntStream.of(classes).asLongStream().toArray();
      tail.add("Gather", Map.of("axis", Attribute.of(1)), tail.constant("order", longs(order)));
    }
    return tail.graph(classes.length);
  }

  /** The graph, whose last operator nobody shall take for an activation. */
  static Graph asItIs(Graph graph) {
    LogitsTail tail = new LogitsTail(graph);
    tail.add("Add", Map.of(), tail.constant("zero", HostTensor.ofFloats(Shape.of(1), 0)));
    Value output = graph.onlyOutput();
    return new Graph(
        graph.name(),
        graph.inputs(),
        List.of(new Value(tail.last, output.type(), output.shape())),
        tail.nodes,
        tail.constants,
        graph.metadata());
  }

  private static HostTensor longs(long... values) {
    return HostTensor.ofLongs(Shape.of(values.length), values);
  }

  private void toLogits(ScoreKind kind, double whole) {
    if (kind == ScoreKind.LOGITS) {
      return;
    }
    if (whole != 1) {
      add("Div", Map.of(), constant("whole", HostTensor.ofFloats(Shape.of(1), (float) whole)));
    }
    String least = constant("least", HostTensor.ofFloats(Shape.SCALAR, LEAST));
    if (kind == ScoreKind.PROBABILITIES) {
      add("Max", Map.of(), least);
      add("Log", Map.of());
      return;
    }
    add("Clip", Map.of(), least, constant("most", HostTensor.ofFloats(Shape.SCALAR, 1 - LEAST)));
    String p = last;
    add("Log", Map.of());
    String log = last;
    String one = constant("one", HostTensor.ofFloats(Shape.of(1), 1));
    add("Sub", Map.of(), List.of(one, p));
    add("Log", Map.of());
    add("Sub", Map.of(), List.of(log, last));
  }

  private String constant(String wish, HostTensor value) {
    String name = names.name("answers/" + wish);
    constants.put(name, value);
    return name;
  }

  private void add(String op, Map<String, Attribute> attributes, String... more) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(List.of(more));
    add(op, attributes, inputs);
  }

  private void add(String op, Map<String, Attribute> attributes, List<String> inputs) {
    String name = names.name("answers/" + op);
    last = name;
    nodes.add(new Node(name, "", op, inputs, List.of(name), attributes));
  }

  private Graph graph(int classes) {
    Shape given = graph.onlyOutput().shape();
    boolean isKnown = given.isRanked() && given.rank() > 0;
    Dim batch = isKnown ? given.dim(0) : graph.onlyInput().shape().dim(0);
    Value output = new Value(last, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(classes))));
    return new Graph(
        graph.name(), graph.inputs(), List.of(output), nodes, constants, graph.metadata());
  }
}
