package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Value;
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
    return of(facts, List.of());
  }

  /**
   * Plans a graph whose maps may be fed with their channels last: those are that reach a spatial
   * operator so, whatever is computed of them element by element before.
   */
  static LayoutPlan fedLast(GraphFacts facts) {
    LayoutPlan plan = of(facts);
    List<String> last = new ArrayList<>();
    for (Value input : facts.graph().inputs()) {
      if (input.shape().isRanked() && input.shape().rank() == 4) {
        List<String> more = new ArrayList<>(last);
        more.add(input.name());
        LayoutPlan tried = of(facts, more);
        if (reaches(facts, plan, tried)) {
          last = more;
          plan = tried;
        }
      }
    }
    return plan;
  }

  /** Whether a spatial operator is given with its channels last what it was not before. */
  private static boolean reaches(GraphFacts facts, LayoutPlan before, LayoutPlan after) {
    for (NodeSite site : facts.computed()) {
      if (LayoutRules.isSpatial(site.node())
          && before.of(site, 0) == Layout.ONNX
          && after.of(site, 0) == Layout.CHANNELS_LAST) {
        return true;
      }
    }
    return false;
  }

  private static LayoutPlan of(GraphFacts facts, List<String> fedLast) {
    LayoutPlan plan = new LayoutPlan();
    fedLast.forEach(input -> plan.layouts.put(input, Layout.CHANNELS_LAST));
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
