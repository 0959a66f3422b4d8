package org.distill4j.lowered;

import static org.distill4j.lowered.Operation.Binary.ADD;
import static org.distill4j.lowered.Operation.Binary.DIV;
import static org.distill4j.lowered.Operation.Binary.MAXIMUM;
import static org.distill4j.lowered.Operation.Binary.MINIMUM;
import static org.distill4j.lowered.Operation.Binary.MUL;
import static org.distill4j.lowered.Operation.Binary.SUB;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.Operation.Binary;
import org.distill4j.lowered.Operation.Unary;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What works on each element by itself. */
final class ElementRules {
  /** Coefficients of erf by a polynomial in 1 / (1 + p |x|), Abramowitz and Stegun, 7.1.26. */
  private static final double[] ERF = {
    1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592
  };

  private static final double ERF_P = 0.3275911;

  private ElementRules() {}

  static PartRule unary(Unary kind) {
    return (site, draft) -> Steps.unary(draft, kind, draft.in(site, 0, draft.out(site)));
  }

  static Wire identity(NodeSite site, Draft draft) {
    return draft.in(site, 0, draft.out(site));
  }

  /**
   * Two operands, or more from left to right; they follow the order in which the result is held.
   */
  static PartRule binary(Binary kind) {
    return (site, draft) -> {
      Shape out = draft.heldShape(site.outShape(), draft.out(site));
      Wire y = operand(site, draft, 0);
      for (int input = 1; input < site.node().inputs().size(); input++) {
        y = Steps.binary(draft, kind, out, y, operand(site, draft, input));
      }
      return y;
    };
  }

  /** An operand ready to be broadcast where the result's channels stand last. */
  static Wire operand(NodeSite site, Draft draft, int input) {
    Layout layout = draft.out(site);
    Shape shape = site.shape(input);
    int rank = site.outShape().rank();
    if (layout != Layout.CHANNELS_LAST) {
      return draft.in(site, input, Layout.ONNX);
    }
    if (shape.rank() == rank && !site.isConstant(input)) {
      return draft.in(site, input, layout);
    }
    Wire x = draft.in(site, input, Layout.ONNX);
    List<Dim> aligned = new ArrayList<>(x.shape().dims());
    while (aligned.size() < rank) {
      aligned.add(0, Dim.of(1));
    }
    List<Dim> held = new ArrayList<>();
    for (int axis : Axes.toLast(rank)) {
      held.add(aligned.get(axis));
    }
    if (!x.isConstant()) {
      Wire full = draft.reshape(x, Shape.of(aligned));
      List<Integer> order = java.util.Arrays.stream(Axes.toLast(rank)).boxed().toList();
      return draft.emit(new Operation.Transpose(order), "aligned", Shape.of(held), x.type(), full);
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

  static Wire clip(NodeSite site, Draft draft) {
    double low = site.number(1, "min").orElse(Double.NEGATIVE_INFINITY);
    double high = site.number(2, "max").orElse(Double.POSITIVE_INFINITY);
    Wire x = draft.in(site, 0, draft.out(site));
    if (low == 0 && high == 6) {
      return Steps.unary(draft, Unary.RELU6, x);
    }
    boolean bounded = high < Float.MAX_VALUE;
    if (low == 0) {
      Wire y = Steps.unary(draft, Unary.RELU, x);
      return bounded ? Steps.binary(draft, MINIMUM, y, high) : y;
    }
    Wire y = low > -Float.MAX_VALUE ? Steps.binary(draft, MAXIMUM, x, low) : x;
    return bounded ? Steps.binary(draft, MINIMUM, y, high) : y;
  }

  static Wire leakyRelu(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    float alpha = site.node().floatAttribute("alpha", 0.01f);
    return draft.emit(new Operation.LeakyRelu(alpha), x.shape(), x);
  }

  /**
   * With a constant slope that has no batch the operator of its own, else {@code relu(x) - s
   * relu(-x)}.
   */
  static Wire pRelu(NodeSite site, Draft draft) {
    Wire x = operand(site, draft, 0);
    Wire slope = operand(site, draft, 1);
    boolean plain = slope.isConstant() && slope.shape().rank() < x.shape().rank();
    if (plain) {
      List<Dim> dims = new ArrayList<>(slope.shape().dims());
      while (dims.size() < x.shape().rank() - 1) {
        dims.add(0, Dim.of(1));
      }
      HostTensor full = slope.constant().orElseThrow().reshape(Shape.of(dims));
      return draft.emit(new Operation.PRelu(), x.shape(), x, draft.constant(slope.name(), full));
    }
    Wire above = Steps.unary(draft, Unary.RELU, x);
    Wire below = Steps.unary(draft, Unary.RELU, Steps.unary(draft, Unary.NEG, x));
    return Steps.binary(draft, SUB, above, Steps.binary(draft, MUL, below, slope));
  }

  /** {@code max(0, min(1, alpha x + beta))}. */
  static Wire hardSigmoid(NodeSite site, Draft draft) {
    double alpha = site.node().floatAttribute("alpha", 0.2f);
    double beta = site.node().floatAttribute("beta", 0.5f);
    Wire x = draft.in(site, 0, draft.out(site));
    Wire line = Steps.binary(draft, ADD, Steps.binary(draft, MUL, x, alpha), beta);
    return Steps.binary(draft, MINIMUM, Steps.unary(draft, Unary.RELU, line), 1);
  }

  /** {@code x} above 0, {@code alpha (exp(x) - 1)} below, all times gamma. */
  private static Wire bent(Draft draft, Wire x, double alpha, double gamma) {
    Wire low = Steps.binary(draft, MINIMUM, x, 0);
    Wire curve = Steps.binary(draft, SUB, Steps.unary(draft, Unary.EXP, low), 1);
    Wire below = Steps.binary(draft, MUL, curve, alpha * gamma);
    Wire above = Steps.unary(draft, Unary.RELU, x);
    Wire scaled = gamma == 1 ? above : Steps.binary(draft, MUL, above, gamma);
    return Steps.binary(draft, ADD, scaled, below);
  }

  static Wire elu(NodeSite site, Draft draft) {
    double alpha = site.node().floatAttribute("alpha", 1);
    Wire x = draft.in(site, 0, draft.out(site));
    return alpha == 1 ? Steps.unary(draft, Unary.ELU, x) : bent(draft, x, alpha, 1);
  }

  static Wire selu(NodeSite site, Draft draft) {
    double alpha = site.node().floatAttribute("alpha", 1.6732632f);
    double gamma = site.node().floatAttribute("gamma", 1.050701f);
    return bent(draft, draft.in(site, 0, draft.out(site)), alpha, gamma);
  }

  /** {@code max(x, 0) + log(1 + exp(-|x|))}. */
  private static Wire softplus(Draft draft, Wire x) {
    Wire distance = Steps.unary(draft, Unary.NEG, Steps.unary(draft, Unary.ABS, x));
    Wire log =
        Steps.unary(
            draft, Unary.LOG, Steps.binary(draft, ADD, Steps.unary(draft, Unary.EXP, distance), 1));
    return Steps.binary(draft, ADD, Steps.unary(draft, Unary.RELU, x), log);
  }

  static Wire softplus(NodeSite site, Draft draft) {
    return softplus(draft, draft.in(site, 0, draft.out(site)));
  }

  /** {@code x tanh(softplus(x))}. */
  static Wire mish(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    return Steps.binary(draft, MUL, x, Steps.unary(draft, Unary.TANH, softplus(draft, x)));
  }

  /** {@code x / (1 + |x|)}. */
  static Wire softsign(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    return Steps.binary(
        draft, DIV, x, Steps.binary(draft, ADD, Steps.unary(draft, Unary.ABS, x), 1));
  }

  static Wire reciprocal(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    return Steps.binary(draft, DIV, x.shape(), draft.number(1), x);
  }

  /** No format but TensorFlow's own has erf: a polynomial, right to 1.5e-7. */
  static Wire erf(NodeSite site, Draft draft) {
    return erf(draft, draft.in(site, 0, draft.out(site)));
  }

  private static Wire erf(Draft draft, Wire x) {
    Wire size = Steps.unary(draft, Unary.ABS, x);
    Wire below = Steps.binary(draft, ADD, Steps.binary(draft, MUL, size, ERF_P), 1);
    Wire t = Steps.binary(draft, DIV, x.shape(), draft.number(1), below);
    Wire sum = Steps.binary(draft, MUL, t, ERF[0]);
    for (int i = 1; i < ERF.length; i++) {
      sum = Steps.binary(draft, MUL, Steps.binary(draft, ADD, sum, ERF[i]), t);
    }
    Wire square = Steps.unary(draft, Unary.NEG, Steps.unary(draft, Unary.SQUARE, x));
    Wire tail = Steps.binary(draft, MUL, sum, Steps.unary(draft, Unary.EXP, square));
    Wire one = Steps.binary(draft, SUB, x.shape(), draft.number(1), tail);
    return Steps.binary(draft, MUL, Steps.unary(draft, Unary.SIGN, x), one);
  }

  /** {@code x / 2 (1 + erf(x / sqrt(2)))}, or with tanh as the node says. */
  static Wire gelu(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    boolean tanh = site.node().textAttribute("approximate", "none").equals("tanh");
    Wire inner;
    if (tanh) {
      Wire cube = Steps.binary(draft, MUL, Steps.unary(draft, Unary.SQUARE, x), x);
      Wire sum = Steps.binary(draft, ADD, x, Steps.binary(draft, MUL, cube, 0.044715));
      Wire scaled = Steps.binary(draft, MUL, sum, Math.sqrt(2 / Math.PI));
      inner = Steps.unary(draft, Unary.TANH, scaled);
    } else {
      inner = erf(draft, Steps.binary(draft, MUL, x, Math.sqrt(0.5)));
    }
    Wire gate = Steps.binary(draft, MUL, Steps.binary(draft, ADD, inner, 1), 0.5);
    return Steps.binary(draft, MUL, x, gate);
  }

  static Wire cast(NodeSite site, Draft draft) {
    Wire x = draft.in(site, 0, draft.out(site));
    org.distill4j.tensor.DType to = site.known().type(site.node().output());
    return x.type() == to ? x : draft.emit(new Operation.Cast(to), "step", x.shape(), to, x);
  }
}
