package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Parameter;
import org.distill4j.graph.Parameters;
import org.distill4j.graph.Value;
import org.distill4j.lowered.GraphFacts;
import org.distill4j.lowered.LayoutPlan;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Lowers a graph to TensorFlow operations, one small lowering per operator, with channels last
 * where that is faster.
 */
public final class TensorFlowLowering {
  private TensorFlowLowering() {}

  /**
   * Adds a graph's variables to a TensorFlow graph.
   *
   * @param type of their elements: float32, or float64 where gradients are checked
   * @throws InputFault naming every node that cannot be trained, and why
   */
  public static <T extends TFloating> Variables<T> variables(Ops tf, Graph graph, Class<T> type) {
    return variables(tf, graph, type, FakeQuantization.FIXED, tf.constant(type, 0));
  }

  /**
   * Adds a graph's variables to a TensorFlow graph, those among them that move the grids it rounds
   * to.
   *
   * @param news the part of a range that a step replaces, a scalar
   * @throws InputFault naming every node that cannot be trained, and why
   */
  public static <T extends TFloating> Variables<T> variables(
      Ops tf, Graph graph, Class<T> type, FakeQuantization rounding, Operand<T> news) {
    TensorFlowNatives.load();
    GraphFacts facts = GraphFacts.of(graph);
    requireSupported(facts);
    return new Variables<>(tf, facts, type, rounding, news);
  }

  /**
   * Adds a graph to a TensorFlow graph. It may be done more than once with the same variables, such
   * as once for training and once for validation.
   *
   * @param variables of the same graph
   * @param inputs what each input of the graph is, by name, in ONNX order (NCHW)
   * @throws InputFault naming every node that cannot be lowered, and why
   * @throws IllegalArgumentException if an input is missing
   */
  public static <T extends TFloating> TensorFlowGraph<T> lower(
      Ops tf,
      Graph graph,
      Variables<T> variables,
      Map<String, Operand<T>> inputs,
      LoweringMode mode) {
    TensorFlowNatives.load();
    GraphFacts facts = GraphFacts.of(graph);
    requireSupported(facts);
    String scope = mode instanceof LoweringMode.Training ? "training" : "inference";
    TensorFlowGraphBuilder<T> assembly =
        new TensorFlowGraphBuilder<>(
            tf.withSubScope(scope), facts, LayoutPlan.of(facts), variables, mode);
    for (Value input : graph.inputs()) {
      Operand<T> operand = inputs.get(input.name());
      if (operand == null && input.type().isFloating()) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "': is missing (given: " + inputs.keySet() + ")");
      }
      assembly.put(input.name(), operand);
    }
    for (NodeSite site : facts.sites()) {
      OpLowering op = OpTable.find(site.node()).orElseThrow();
      assembly.enter(site);
      assembly.put(site.node().output(), op.lower(site, assembly));
    }
    return new TensorFlowGraph<>(assembly);
  }

  /**
   * What of a graph cannot be trained and why, one line each; empty if all of it can. Needs no
   * TensorFlow.
   */
  public static List<String> unsupported(Graph graph) {
    try {
      return unsupported(GraphFacts.of(graph));
    } catch (InputFault e) {
      return e.lines();
    }
  }

  /**
   * Refuses a graph of which something cannot be trained.
   *
   * @throws InputFault with all lines of {@link #unsupported(Graph)}
   */
  private static void requireSupported(GraphFacts facts) {
    List<String> faults = unsupported(facts);
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
  }

  private static List<String> unsupported(GraphFacts facts) {
    List<String> lines = new ArrayList<>();
    for (Parameter parameter : Parameters.of(facts.graph()).trainable()) {
      if (parameter.value().type() != DType.FLOAT32) {
        lines.add(
            "parameter '"
                + parameter.name()
                + "': "
                + parameter.value().type()
                + " (expected: FLOAT32); export the model in single precision");
      }
    }
    for (NodeSite site : facts.sites()) {
      Optional<OpLowering> op = OpTable.find(site.node());
      if (op.isEmpty()) {
        lines.add(
            site.node()
                + ": operator cannot be trained (expected: one of "
                + String.join(", ", OpTable.names())
                + "); replace it in the model, or use the model as a teacher only");
        continue;
      }
      try {
        requireOneOutput(site);
        op.get().check(site);
      } catch (InputFault e) {
        lines.addAll(e.lines());
      }
    }
    return lines;
  }

  /** The further outputs of Dropout, MaxPool and BatchNormalization are for their own training. */
  private static void requireOneOutput(NodeSite site) {
    Node node = site.node();
    for (String extra : node.outputs().subList(1, node.outputs().size())) {
      if (site.known().isUsed(extra)) {
        throw site.fault(
            "its output '" + extra + "' is used (expected: only the first); export it without");
      }
    }
  }
}
