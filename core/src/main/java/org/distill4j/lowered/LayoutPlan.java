package org.distill4j.lowered;

import java.util.HashMap;
import java.util.Map;
import org.distill4j.shapes.NodeSite;

/**
 * The layout plan of a graph: how every value is held. It is made by one walk along the graph in
 * which spatial operators ask for channels last and all others go on with what they are given, so
 * that a net is transposed where it begins and at most where it is flattened.
 */
public final class LayoutPlan {
  private final Map<String, Layout> layouts = new HashMap<>();
  private final Map<String, Long> channels = new HashMap<>();

  private LayoutPlan() {}

  /** Plans a graph; an operator without a rule is taken to keep the order of ONNX. */
  public static LayoutPlan of(GraphFacts facts) {
    LayoutPlan plan = new LayoutPlan();
    for (NodeSite site : facts.computed()) {
      LayoutRules.find(site.node()).ifPresent(rule -> plan.put(site, rule.layout(site, plan)));
    }
    return plan;
  }

  private void put(NodeSite site, Layout layout) {
    for (String output : site.node().outputs()) {
      layouts.put(output, layout);
      if (layout == Layout.FLAT_CHANNELS_LAST) {
        Long known = channels.get(site.node().input(0));
        channels.put(output, known == null ? site.size(0, 1) : known);
      }
    }
  }

  /** How a value is held. */
  public Layout of(String value) {
    return layouts.getOrDefault(value, Layout.ONNX);
  }

  /**
   * The channels of a value before it was flattened; only for {@link Layout#FLAT_CHANNELS_LAST}.
   */
  public long channels(String value) {
    return channels.get(value);
  }

  /** How an input of a node is held. */
  public Layout of(NodeSite site, int input) {
    return of(site.node().input(input));
  }
}
