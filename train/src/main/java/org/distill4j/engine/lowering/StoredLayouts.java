package org.distill4j.engine.lowering;

import java.util.HashMap;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.lowered.GraphFacts;
import org.distill4j.lowered.LayoutPlan;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.lowered.WeightLayoutRules;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.HostTensor;

/**
 * How each constant of a graph is stored: as all its uses want it, or in the order of ONNX if they
 * disagree, as the uses of tied weights may.
 */
final class StoredLayouts {
  private StoredLayouts() {}

  /** By initializer name, for all of them. */
  static Map<String, VariableLayout> of(GraphFacts facts) {
    Graph graph = facts.graph();
    LayoutPlan plan = LayoutPlan.of(facts);
    Map<String, VariableLayout> layouts = new HashMap<>();
    for (NodeSite site : facts.sites()) {
      for (int i = 0; i < site.node().inputs().size(); i++) {
        String name = facts.origin(site.node().input(i));
        HostTensor constant = graph.initializers().get(name);
        if (constant != null) {
          VariableLayout wish = WeightLayoutRules.stored(site, plan, i);
          layouts.merge(
              name, wish, (a, b) -> a.equals(b) ? a : VariableLayout.asIs(constant.shape()));
        }
      }
    }
    graph
        .initializers()
        .forEach((name, t) -> layouts.putIfAbsent(name, VariableLayout.asIs(t.shape())));
    return layouts;
  }
}
