package org.distill4j.lowered;

import org.distill4j.tensor.Shape;

/** Short spellings for arithmetic in a draft. */
final class Steps {
  private Steps() {}

  static Wire binary(Draft draft, Operation.Binary kind, Shape shape, Wire a, Wire b) {
    Wire lead = a.isConstant() && !b.isConstant() ? b : a;
    return draft.emit(new Operation.Arithmetic(kind, Fused.NONE), "step", shape, lead.type(), a, b);
  }

  /** The shape of {@code a} stays. */
  static Wire binary(Draft draft, Operation.Binary kind, Wire a, Wire b) {
    return binary(draft, kind, a.shape(), a, b);
  }

  static Wire binary(Draft draft, Operation.Binary kind, Wire a, double b) {
    return binary(draft, kind, a, draft.number(b));
  }

  static Wire unary(Draft draft, Operation.Unary kind, Wire x) {
    return draft.emit(new Operation.Elementwise(kind), x.shape(), x);
  }
}
