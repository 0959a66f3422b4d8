package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.FoldBatchNorm;
import org.distill4j.shapes.NodeSite;

/** Lowers a model to a lowered graph: channels last, normalizations folded, activations fused. */
public final class Lowering {
  /** Whose second input is a shape. */
  private static final Set<String> SHAPED = Set.of("Reshape", "Squeeze", "Unsqueeze");

  private Lowering() {}

  /** The ONNX operators that can be lowered, sorted. */
  public static List<String> operators() {
    return List.copyOf(LoweringRules.ALL.keySet());
  }

  /**
   * The lowered graph of a model.
   *
   * @throws InputFault naming every node that cannot be lowered, and why
   */
  public static LoweredGraph of(Graph model) {
    Dequantized plain = Dequantized.of(model);
    Graph graph = folded(plain);
    GraphFacts facts = GraphFacts.of(graph);
    LoweredGraphDraft draft = new LoweredGraphDraft(facts, plain.scalings());
    drawAll(facts, draft, graph);
    List<LoweredPort> inputs = graph.inputs().stream().map(draft::input).toList();
    List<LoweredPort> outputs = graph.outputs().stream().map(draft::output).toList();
    Map<String, LoweredValue> wires = new LinkedHashMap<>(draft.wires());
    Set<String> kept = new HashSet<>();
    inputs.forEach(p -> kept.add(p.wire()));
    outputs.forEach(p -> kept.add(p.wire()));
    List<LoweredNode> parts = Fusion.apply(wires, draft.parts(), kept);
    return new LoweredGraph(model, inputs, outputs, wires, parts, features(parts, wires));
  }

  /** Normalizations folded, unless weights or what is normalized are rounded as they are. */
  private static Graph folded(Dequantized plain) {
    Map<String, Node> producers = plain.graph().producers();
    Set<String> rounded = plain.scalings().keySet();
    for (Node norm : plain.graph().nodes()) {
      Node maker = producers.get(norm.input(0));
      boolean isBound =
          rounded.contains(norm.input(0))
              || (maker != null && rounded.contains(maker.input(1)) && maker.hasInput(1));
      if (norm.op().equals("BatchNormalization") && isBound) {
        return plain.graph();
      }
    }
    return new FoldBatchNorm().apply(plain.graph()).graph();
  }

  private static void drawAll(GraphFacts facts, LoweredGraphDraft draft, Graph graph) {
    List<String> faults = new ArrayList<>();
    Set<String> missing = new HashSet<>();
    Set<String> needed = needed(facts, graph);
    for (NodeSite site : facts.computed()) {
      if (site.node().outputs().stream().noneMatch(needed::contains)) {
        continue;
      }
      Optional<LoweringRule> rule = LoweringRules.find(site.node());
      if (rule.isEmpty()) {
        faults.add(
            site.node()
                + ": operator cannot be exported (expected: one of those in docs/export.md); "
                + wayOut(site.node()));
        missing.addAll(site.node().outputs());
      } else if (site.node().inputs().stream().anyMatch(missing::contains)) {
        missing.addAll(site.node().outputs());
      } else {
        try {
          draft.enter(site);
          NodeLimits.require(site);
          draw(rule.get(), site, draft);
        } catch (InputFault e) {
          faults.addAll(e.lines());
          missing.addAll(site.node().outputs());
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
  }

  /** Shapes are computed where extents are open; fixed, they are constants. */
  private static String wayOut(Node node) {
    return node.op().equals("Shape") || node.op().equals("Size")
        ? "fix the shapes of the inputs, as with --shape NAME=1,3,240,320"
        : "replace it in the model, or export to onnx";
  }

  private static void draw(LoweringRule rule, NodeSite site, LoweredGraphDraft draft) {
    List<String> outputs = site.node().outputs();
    boolean several = site.node().op().equals("Split");
    for (String extra : outputs.subList(1, outputs.size())) {
      if (!several && site.known().isUsed(extra)) {
        throw site.fault("its output '" + extra + "' is used (expected: only the first)");
      }
    }
    LoweredValue made = rule.draw(site, draft);
    if (!several) {
      draft.put(site, made);
    }
  }

  /** The values that lead to an output. */
  private static Set<String> needed(GraphFacts facts, Graph graph) {
    Set<String> needed = new HashSet<>();
    for (Value output : graph.outputs()) {
      needed.add(output.name());
    }
    List<NodeSite> sites = facts.computed();
    for (int i = sites.size() - 1; i >= 0; i--) {
      NodeSite site = sites.get(i);
      if (site.node().outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(SHAPED.contains(site.node().op()) ? data(site.node()) : site.node().inputs());
      }
    }
    return needed;
  }

  /** What a node computes with; the shape that it asks for is known from its result. */
  private static List<String> data(Node node) {
    return node.inputs().subList(0, 1);
  }

  /** What the last dense layer is given. */
  private static Optional<String> features(
      List<LoweredNode> parts, Map<String, LoweredValue> wires) {
    Map<String, LoweredNode> makers = new HashMap<>();
    Optional<String> features = Optional.empty();
    for (LoweredNode part : parts) {
      part.outputs().forEach(o -> makers.put(o, part));
      if (part.operation() instanceof LoweredOperator.Dense) {
        features = Optional.of(part.inputs().get(0));
      }
    }
    return features.filter(f -> makers.containsKey(f) && wires.containsKey(f));
  }
}
