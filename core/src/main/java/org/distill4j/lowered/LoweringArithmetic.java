package org.distill4j.lowered;

import org.distill4j.tensor.Shape;

/** Short spellings for arithmetic in a draft. */
final class LoweringArithmetic {
  private LoweringArithmetic() {}

  static LoweredValue binary(
      LoweredGraphDraft draft,
      LoweredOperator.Binary kind,
      Shape shape,
      LoweredValue a,
      LoweredValue b) {
    LoweredValue lead = a.isConstant() && !b.isConstant() ? b : a;
    return draft.emit(
        new LoweredOperator.Arithmetic(kind, Fused.NONE), "step", shape, lead.type(), a, b);
  }

  /** The shape of {@code a} stays. */
  static LoweredValue binary(
      LoweredGraphDraft draft, LoweredOperator.Binary kind, LoweredValue a, LoweredValue b) {
    return binary(draft, kind, a.shape(), a, b);
  }

  static LoweredValue binary(
      LoweredGraphDraft draft, LoweredOperator.Binary kind, LoweredValue a, double b) {
    return binary(draft, kind, a, draft.number(b));
  }

  static LoweredValue unary(LoweredGraphDraft draft, LoweredOperator.Unary kind, LoweredValue x) {
    return draft.emit(new LoweredOperator.Elementwise(kind), x.shape(), x);
  }
}
