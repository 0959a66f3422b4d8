package org.distill4j.shapes;

import java.util.List;

/** What an operator makes of what is known of its inputs. */
interface Rule {
  /** One fact per output that the operator can have; more than the node names do no harm. */
  List<Fact> infer(NodeSite site);

  /** A rule for an operator with one output. */
  interface One extends Rule {
    Fact output(NodeSite site);

    @Override
    default List<Fact> infer(NodeSite site) {
      return List.of(output(site));
    }
  }

  static Rule one(One rule) {
    return rule;
  }
}
