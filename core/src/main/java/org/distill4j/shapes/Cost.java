package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Parameter;
import org.distill4j.graph.Parameters;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The cost of running a graph forward for one example: multiply-adds, parameters, bytes of
 * activations.
 *
 * <p>A multiply-add is one product added to a sum in a convolution, a product of matrices or a
 * recurrent layer; normalizations, activations and pools do not count, as is usual in the
 * literature.
 *
 * @param nodes one entry per node, in the graph's order
 * @param macs multiply-adds of all nodes that could be counted
 * @param parameters trained numbers, or the integers that stand for them, tied ones once
 * @param activationBytes what all nodes make, as if nothing were ever freed
 * @param complete whether all nodes could be counted
 */
public record Cost(
    List<NodeCost> nodes, long macs, long parameters, long activationBytes, boolean complete) {
  /** Takes a copy. */
  public Cost {
    nodes = List.copyOf(nodes);
  }

  /**
   * Counts for one example: where the outermost extent of an input is not a number, it is 1. Other
   * symbols leave nodes uncounted.
   *
   * @throws InputFault if the graph contradicts itself
   */
  public static Cost of(Graph graph) {
    Map<String, Shape> inputs = new HashMap<>();
    for (Value input : graph.inputs()) {
      Shape shape = input.shape();
      boolean batched = shape.isRanked() && shape.rank() > 0 && !shape.dim(0).isKnown();
      inputs.put(input.name(), batched ? shape.with(0, Dim.of(1)) : shape);
    }
    return of(graph, inputs);
  }

  /**
   * Counts for given shapes of inputs.
   *
   * @param inputs shapes by input name
   * @throws InputFault if the graph contradicts itself
   */
  public static Cost of(Graph graph, Map<String, Shape> inputs) {
    Shapes shapes = ShapeInference.infer(graph, inputs);
    Map<String, Long> left = trainedNumbers(graph);
    long parameters = left.values().stream().mapToLong(Long::longValue).sum();
    List<NodeCost> nodes = new ArrayList<>();
    long macs = 0;
    long bytes = 0;
    boolean complete = true;
    for (Node node : graph.nodes()) {
      NodeCost cost = new OperationCount(node, shapes).cost(trained(node, left));
      complete &= cost.macs().isPresent() && cost.activationBytes().isPresent();
      macs += cost.macs().orElse(0);
      bytes += cost.activationBytes().orElse(0);
      nodes.add(cost);
    }
    return new Cost(nodes, macs, parameters, bytes, complete);
  }

  /** Trainable floats, and the integers that stand for them in a quantized model. */
  /**
   * Multiply-adds of integers: those of a node whose both factors come from a DequantizeLinear,
   * which runtimes join to one node on integers, or whose operator takes integers.
   */
  public long integerMacs() {
    Set<String> dequantized = new HashSet<>();
    long integers = 0;
    for (NodeCost cost : nodes) {
      Node node = cost.node();
      if (node.op().equals("DequantizeLinear")) {
        dequantized.addAll(node.outputs());
      }
      boolean joined = dequantized.contains(node.input(0)) && dequantized.contains(node.input(1));
      if (joined || node.op().endsWith("Integer") || node.op().startsWith("QLinear")) {
        integers += cost.macs().orElse(0);
      }
    }
    return integers;
  }

  private static Map<String, Long> trainedNumbers(Graph graph) {
    Map<String, Long> numbers = new HashMap<>();
    for (Parameter parameter : Parameters.of(graph).trainable()) {
      numbers.put(parameter.name(), parameter.elements());
    }
    for (Node node : graph.nodes()) {
      HostTensor integers = graph.initializers().get(node.input(0));
      if (node.op().equals("DequantizeLinear") && integers != null) {
        numbers.put(node.input(0), integers.elements());
      }
    }
    return numbers;
  }

  private static long trained(Node node, Map<String, Long> left) {
    long trained = 0;
    for (String input : node.inputs()) {
      Long elements = left.remove(input);
      trained += elements == null ? 0 : elements;
    }
    return trained;
  }
}
