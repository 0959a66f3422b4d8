package org.distill4j.shapes;

import java.util.List;

/** What an operator makes of what is known of its inputs. */
interface ShapeRule {
  /** One fact per output that the operator can have; more than the node names do no harm. */
  List<ValueFact> infer(NodeSite site);

  /** A rule for an operator with one output. */
  interface One extends ShapeRule {
    ValueFact output(NodeSite site);

    @Override
    default List<ValueFact> infer(NodeSite site) {
      return List.of(output(site));
    }
  }

  static ShapeRule one(One rule) {
    return rule;
  }
}
