package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Shape inference: finds the type and shape of every value of a graph from its inputs and
 * constants, node by node, one small rule per operator.
 *
 * <p>Symbols such as the batch are carried through, also as products ({@code 3*batch}), and so are
 * the integers that a graph computes from shapes (Shape, Gather, Concat, Reshape). What an unknown
 * operator makes is unranked. What cannot be, such as a Conv whose weights are for other channels,
 * is refused.
 */
public final class ShapeInference {
  private final Graph graph;
  private final Map<String, ValueFact> facts = new LinkedHashMap<>();
  private final Map<String, HostTensor> constants;
  private final KnownValues known; // grows with the facts

  private ShapeInference(Graph graph) {
    this.graph = graph;
    this.constants = new HashMap<>(graph.initializers());
    this.known = new KnownValues(graph, facts::get, constants::get);
  }

  /**
   * Infers with the input shapes that the graph declares.
   *
   * @throws InputFault in one line for the first contradiction, naming the node and both sides
   */
  public static Shapes infer(Graph graph) {
    return infer(graph, Map.of());
  }

  /**
   * Infers with other shapes for some inputs, such as a batch of 128 instead of a symbol.
   *
   * @param inputs shapes by input name
   * @throws InputFault in one line for the first contradiction, naming the node and both sides
   */
  public static Shapes infer(Graph graph, Map<String, Shape> inputs) {
    return new ShapeInference(graph).run(inputs);
  }

  private Shapes run(Map<String, Shape> inputs) {
    graph.initializers().forEach((name, tensor) -> facts.put(name, ValueFact.of(tensor)));
    for (Value input : graph.inputs()) {
      Shape shape = inputs.getOrDefault(input.name(), input.shape());
      facts.put(input.name(), ValueFact.of(input.type(), shape));
    }
    graph.nodes().forEach(this::visit);
    for (Value output : graph.outputs()) {
      facts.put(output.name(), declared(output, facts.get(output.name())));
    }
    return shapes();
  }

  private void visit(Node node) {
    if (node.attributes().get("value") instanceof Attribute.Array a
        && node.op().equals("Constant")) {
      constants.put(node.output(), a.value());
    }
    List<ValueFact> outputs = outputs(node);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        facts.put(node.outputs().get(i), i < outputs.size() ? outputs.get(i) : ValueFact.UNKNOWN);
      }
    }
  }

  private List<ValueFact> outputs(Node node) {
    ShapeRule rule = node.domain().isEmpty() ? ShapeRuleTable.ALL.get(node.op()) : null;
    if (rule == null) {
      return List.of();
    }
    try {
      return rule.infer(new NodeSite(node, known));
    } catch (ArithmeticException e) {
      throw new InputFault(node + ": more elements than can be counted (expected: < 2^63)", e);
    } catch (IllegalArgumentException e) { // an attribute of another kind, named in the message
      String line = e.getMessage();
      throw new InputFault(line.startsWith(node.toString()) ? line : node + ": " + line, e);
    }
  }

  /** What the rules found, completed by what the graph says of an output. */
  private ValueFact declared(Value output, ValueFact found) {
    Shape shape = output.shape();
    boolean sameType = found.type() == null || found.type() == output.type();
    boolean sameShape = !found.ranked() || !shape.isRanked() || found.rank() == shape.rank();
    for (int i = 0; sameShape && found.ranked() && shape.isRanked() && i < shape.rank(); i++) {
      sameShape = !ValueFact.differ(found.dim(i), shape.dim(i));
    }
    if (!sameType || !sameShape) {
      throw new InputFault(
          "output '"
              + output.name()
              + "': declared as "
              + output.type()
              + " "
              + shape
              + " (expected: "
              + found
              + ", which its nodes make)");
    }
    if (!found.ranked() || !shape.isRanked()) {
      return found.ranked()
          ? new ValueFact(output.type(), found.shape(), found.elements())
          : ValueFact.of(output.type(), shape);
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      dims.add(found.dim(i).equals(Dim.UNKNOWN) ? shape.dim(i) : found.dim(i));
    }
    return new ValueFact(output.type(), Shape.of(dims), found.elements());
  }

  private Shapes shapes() {
    Map<String, DType> guesses = new HashMap<>();
    for (Node node : graph.nodes()) {
      DType guess = DType.FLOAT32;
      if (node.hasInput(0)) {
        DType first = facts.get(node.input(0)).type();
        guess = first == null ? guesses.get(node.input(0)) : first;
      }
      for (String output : node.outputs()) {
        guesses.put(output, guess);
      }
    }
    facts.replaceAll(
        (name, fact) ->
            fact.type() == null
                ? new ValueFact(guesses.get(name), fact.shape(), fact.elements())
                : fact);
    return new Shapes(facts);
  }
}
