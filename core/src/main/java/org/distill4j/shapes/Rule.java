package org.distill4j.shapes;

import java.util.List;

/** What an operator makes of what is known of its inputs. */
interface Rule {
  /** One fact per output that the operator can have; more than the node names do no harm. */
  List<Fact> infer(Call call);

  /** A rule for an operator with one output. */
  interface One extends Rule {
    Fact output(Call call);

    @Override
    default List<Fact> infer(Call call) {
      return List.of(output(call));
    }
  }

  static Rule one(One rule) {
    return rule;
  }
}
