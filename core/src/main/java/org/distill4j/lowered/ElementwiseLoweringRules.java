package org.distill4j.lowered;

import static org.distill4j.lowered.LoweredOperator.Binary.ADD;
import static org.distill4j.lowered.LoweredOperator.Binary.DIV;
import static org.distill4j.lowered.LoweredOperator.Binary.MAXIMUM;
import static org.distill4j.lowered.LoweredOperator.Binary.MINIMUM;
import static org.distill4j.lowered.LoweredOperator.Binary.MUL;
import static org.distill4j.lowered.LoweredOperator.Binary.SUB;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.LoweredOperator.Binary;
import org.distill4j.lowered.LoweredOperator.Unary;
import org.distill4j.passes.HalfPrecision;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What works on each element by itself. */
final class ElementwiseLoweringRules {
  /** Coefficients of erf by a polynomial in 1 / (1 + p |x|), Abramowitz and Stegun, 7.1.26. */
  private static final double[] ERF = {
    1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592
  };

  private static final double ERF_P = 0.3275911;

  private ElementwiseLoweringRules() {}

  static LoweringRule unary(Unary kind) {
    return (site, draft) ->
        LoweringArithmetic.unary(draft, kind, draft.in(site, 0, draft.out(site)));
  }

  static LoweredValue identity(NodeSite site, LoweredGraphDraft draft) {
    return draft.in(site, 0, draft.out(site));
  }

  /**
   * Two operands, or more from left to right; they follow the order in which the result is held.
   */
  static LoweringRule binary(Binary kind) {
    return (site, draft) -> {
      Shape out = draft.heldShape(site.outShape(), draft.out(site));
      LoweredValue y = operand(site, draft, 0);
      for (int input = 1; input < site.node().inputs().size(); input++) {
        y = LoweringArithmetic.binary(draft, kind, out, y, operand(site, draft, input));
      }
      return y;
    };
  }

  /** The exponent may be of another type than the base: of the base's it says the same. */
  static LoweredValue power(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue base = operand(site, draft, 0);
    LoweredValue exponent = operand(site, draft, 1);
    if (exponent.type() != base.type()) {
      exponent =
          exponent.isConstant()
              ? draft.constant(
                  exponent.name(), HalfPrecision.single(exponent.constant().orElseThrow()))
              : draft.emit(
                  new LoweredOperator.Cast(base.type()),
                  "exponent",
                  exponent.shape(),
                  base.type(),
                  exponent);
    }
    Shape out = draft.heldShape(site.outShape(), draft.out(site));
    return LoweringArithmetic.binary(draft, Binary.POW, out, base, exponent);
  }

  /** An operand ready to be broadcast where the result's channels stand last. */
  static LoweredValue operand(NodeSite site, LoweredGraphDraft draft, int input) {
    Layout layout = draft.out(site);
    Shape shape = site.shape(input);
    int rank = site.outShape().rank();
    if (layout != Layout.CHANNELS_LAST) {
      return draft.in(site, input, Layout.ONNX);
    }
    if (shape.rank() == rank && !site.isConstant(input)) {
      return draft.in(site, input, layout);
    }
    LoweredValue x = draft.in(site, input, Layout.ONNX);
    List<Dim> aligned = new ArrayList<>(x.shape().dims());
    while (aligned.size() < rank) {
      aligned.add(0, Dim.of(1));
    }
    List<Dim> held = new ArrayList<>();
    for (int axis : Axes.toLast(rank)) {
      held.add(aligned.get(axis));
    }
    if (!x.isConstant()) {
      LoweredValue full = draft.reshape(x, Shape.of(aligned));
      List<Integer> order = java.util.Arrays.stream(Axes.toLast(rank)).boxed().toList();
      return draft.emit(
          new LoweredOperator.Transpose(order), "aligned", Shape.of(held), x.type(), full);
    }
    return draft.constant(x.name(), turned(x.constant().orElseThrow(), aligned, held));
  }

  /** A constant of aligned extents with its channels moved behind; without the ones in front. */
  private static HostTensor turned(HostTensor tensor, List<Dim> aligned, List<Dim> held) {
    List<Long> factors = aligned.stream().map(Dim::size).toList();
    List<Integer> order = java.util.Arrays.stream(Axes.toLast(aligned.size())).boxed().toList();
    int first = 0;
    while (first < held.size() - 1 && held.get(first).size() == 1) {
      first++;
    }
    Shape shape = Shape.of(held.subList(first, held.size()));
    return new org.distill4j.lowered.VariableLayout(tensor.shape(), factors, order, shape)
        .toTensorFlow(tensor);
  }

  static LoweredValue clip(NodeSite site, LoweredGraphDraft draft) {
    if (site.known().type(site.node().input(0)) != DType.FLOAT32) {
      return clipTyped(site, draft);
    }
    double low = site.number(1, "min").orElse(Double.NEGATIVE_INFINITY);
    double high = site.number(2, "max").orElse(Double.POSITIVE_INFINITY);
    LoweredValue x = draft.in(site, 0, draft.out(site));
    if (low == 0 && high == 6) {
      return LoweringArithmetic.unary(draft, Unary.RELU6, x);
    }
    boolean bounded = high < Float.MAX_VALUE;
    if (low == 0) {
      LoweredValue y = LoweringArithmetic.unary(draft, Unary.RELU, x);
      return bounded ? LoweringArithmetic.binary(draft, MINIMUM, y, high) : y;
    }
    LoweredValue y = low > -Float.MAX_VALUE ? LoweringArithmetic.binary(draft, MAXIMUM, x, low) : x;
    return bounded ? LoweringArithmetic.binary(draft, MINIMUM, y, high) : y;
  }

  /** With bounds of the value's own type. */
  private static LoweredValue clipTyped(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue y = draft.in(site, 0, draft.out(site));
    for (int bound = 1; bound < 3; bound++) {
      if (site.has(bound)) {
        site.number(bound, bound == 1 ? "min" : "max");
        LoweredValue at = draft.in(site, bound, Layout.ONNX);
        y = LoweringArithmetic.binary(draft, bound == 1 ? MAXIMUM : MINIMUM, y, at);
      }
    }
    return y;
  }

  static LoweredValue leakyRelu(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    float alpha = site.node().floatAttribute("alpha", 0.01f);
    return draft.emit(new LoweredOperator.LeakyRelu(alpha), x.shape(), x);
  }

  /**
   * With a constant slope that has no batch the operator of its own, else {@code relu(x) - s
   * relu(-x)}.
   */
  static LoweredValue pRelu(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = operand(site, draft, 0);
    LoweredValue slope = operand(site, draft, 1);
    boolean plain = slope.isConstant() && slope.shape().rank() < x.shape().rank();
    if (plain) {
      List<Dim> dims = new ArrayList<>(slope.shape().dims());
      while (dims.size() < x.shape().rank() - 1) {
        dims.add(0, Dim.of(1));
      }
      HostTensor full = slope.constant().orElseThrow().reshape(Shape.of(dims));
      return draft.emit(
          new LoweredOperator.PRelu(), x.shape(), x, draft.constant(slope.name(), full));
    }
    LoweredValue above = LoweringArithmetic.unary(draft, Unary.RELU, x);
    LoweredValue below =
        LoweringArithmetic.unary(draft, Unary.RELU, LoweringArithmetic.unary(draft, Unary.NEG, x));
    return LoweringArithmetic.binary(
        draft, SUB, above, LoweringArithmetic.binary(draft, MUL, below, slope));
  }

  /** {@code max(0, min(1, alpha x + beta))}. */
  static LoweredValue hardSigmoid(NodeSite site, LoweredGraphDraft draft) {
    double alpha = site.node().floatAttribute("alpha", 0.2f);
    double beta = site.node().floatAttribute("beta", 0.5f);
    LoweredValue x = draft.in(site, 0, draft.out(site));
    LoweredValue line =
        LoweringArithmetic.binary(
            draft, ADD, LoweringArithmetic.binary(draft, MUL, x, alpha), beta);
    return LoweringArithmetic.binary(
        draft, MINIMUM, LoweringArithmetic.unary(draft, Unary.RELU, line), 1);
  }

  /** {@code x} above 0, {@code alpha (exp(x) - 1)} below, all times gamma. */
  private static LoweredValue bent(
      LoweredGraphDraft draft, LoweredValue x, double alpha, double gamma) {
    LoweredValue low = LoweringArithmetic.binary(draft, MINIMUM, x, 0);
    LoweredValue curve =
        LoweringArithmetic.binary(draft, SUB, LoweringArithmetic.unary(draft, Unary.EXP, low), 1);
    LoweredValue below = LoweringArithmetic.binary(draft, MUL, curve, alpha * gamma);
    LoweredValue above = LoweringArithmetic.unary(draft, Unary.RELU, x);
    LoweredValue scaled = gamma == 1 ? above : LoweringArithmetic.binary(draft, MUL, above, gamma);
    return LoweringArithmetic.binary(draft, ADD, scaled, below);
  }

  static LoweredValue elu(NodeSite site, LoweredGraphDraft draft) {
    double alpha = site.node().floatAttribute("alpha", 1);
    LoweredValue x = draft.in(site, 0, draft.out(site));
    return alpha == 1 ? LoweringArithmetic.unary(draft, Unary.ELU, x) : bent(draft, x, alpha, 1);
  }

  static LoweredValue selu(NodeSite site, LoweredGraphDraft draft) {
    double alpha = site.node().floatAttribute("alpha", 1.6732632f);
    double gamma = site.node().floatAttribute("gamma", 1.050701f);
    return bent(draft, draft.in(site, 0, draft.out(site)), alpha, gamma);
  }

  /** {@code max(x, 0) + log(1 + exp(-|x|))}. */
  private static LoweredValue softplus(LoweredGraphDraft draft, LoweredValue x) {
    LoweredValue distance =
        LoweringArithmetic.unary(draft, Unary.NEG, LoweringArithmetic.unary(draft, Unary.ABS, x));
    LoweredValue log =
        LoweringArithmetic.unary(
            draft,
            Unary.LOG,
            LoweringArithmetic.binary(
                draft, ADD, LoweringArithmetic.unary(draft, Unary.EXP, distance), 1));
    return LoweringArithmetic.binary(
        draft, ADD, LoweringArithmetic.unary(draft, Unary.RELU, x), log);
  }

  static LoweredValue softplus(NodeSite site, LoweredGraphDraft draft) {
    return softplus(draft, draft.in(site, 0, draft.out(site)));
  }

  /** {@code x tanh(softplus(x))}. */
  static LoweredValue mish(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    return LoweringArithmetic.binary(
        draft, MUL, x, LoweringArithmetic.unary(draft, Unary.TANH, softplus(draft, x)));
  }

  /** {@code x / (1 + |x|)}. */
  static LoweredValue softsign(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    return LoweringArithmetic.binary(
        draft,
        DIV,
        x,
        LoweringArithmetic.binary(draft, ADD, LoweringArithmetic.unary(draft, Unary.ABS, x), 1));
  }

  static LoweredValue reciprocal(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    return LoweringArithmetic.binary(draft, DIV, x.shape(), draft.number(1), x);
  }

  /** No format but TensorFlow's own has erf: a polynomial, right to 1.5e-7. */
  static LoweredValue erf(NodeSite site, LoweredGraphDraft draft) {
    return erf(draft, draft.in(site, 0, draft.out(site)));
  }

  private static LoweredValue erf(LoweredGraphDraft draft, LoweredValue x) {
    LoweredValue size = LoweringArithmetic.unary(draft, Unary.ABS, x);
    LoweredValue below =
        LoweringArithmetic.binary(
            draft, ADD, LoweringArithmetic.binary(draft, MUL, size, ERF_P), 1);
    LoweredValue t = LoweringArithmetic.binary(draft, DIV, x.shape(), draft.number(1), below);
    LoweredValue sum = LoweringArithmetic.binary(draft, MUL, t, ERF[0]);
    for (int i = 1; i < ERF.length; i++) {
      sum =
          LoweringArithmetic.binary(
              draft, MUL, LoweringArithmetic.binary(draft, ADD, sum, ERF[i]), t);
    }
    LoweredValue square =
        LoweringArithmetic.unary(
            draft, Unary.NEG, LoweringArithmetic.unary(draft, Unary.SQUARE, x));
    LoweredValue tail =
        LoweringArithmetic.binary(
            draft, MUL, sum, LoweringArithmetic.unary(draft, Unary.EXP, square));
    LoweredValue one = LoweringArithmetic.binary(draft, SUB, x.shape(), draft.number(1), tail);
    return LoweringArithmetic.binary(
        draft, MUL, LoweringArithmetic.unary(draft, Unary.SIGN, x), one);
  }

  /** {@code x / 2 (1 + erf(x / sqrt(2)))}, or with tanh as the node says. */
  static LoweredValue gelu(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    boolean tanh = site.node().textAttribute("approximate", "none").equals("tanh");
    LoweredValue inner;
    if (tanh) {
      LoweredValue cube =
          LoweringArithmetic.binary(
              draft, MUL, LoweringArithmetic.unary(draft, Unary.SQUARE, x), x);
      LoweredValue sum =
          LoweringArithmetic.binary(
              draft, ADD, x, LoweringArithmetic.binary(draft, MUL, cube, 0.044715));
      LoweredValue scaled = LoweringArithmetic.binary(draft, MUL, sum, Math.sqrt(2 / Math.PI));
      inner = LoweringArithmetic.unary(draft, Unary.TANH, scaled);
    } else {
      inner = erf(draft, LoweringArithmetic.binary(draft, MUL, x, Math.sqrt(0.5)));
    }
    LoweredValue gate =
        LoweringArithmetic.binary(draft, MUL, LoweringArithmetic.binary(draft, ADD, inner, 1), 0.5);
    return LoweringArithmetic.binary(draft, MUL, x, gate);
  }

  static LoweredValue cast(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, draft.out(site));
    DType to = site.known().type(site.node().output());
    return x.type() == to ? x : draft.emit(new LoweredOperator.Cast(to), "step", x.shape(), to, x);
  }
}
