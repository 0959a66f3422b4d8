package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Gemm and MatMul: a dense layer where the right side is a constant matrix. */
final class MatrixLoweringRules {
  private MatrixLoweringRules() {}

  /** {@code alpha A B + beta C}; the factors go into the weights. */
  static LoweredValue gemm(NodeSite site, LoweredGraphDraft draft) {
    double alpha = site.node().floatAttribute("alpha", 1);
    double beta = site.node().floatAttribute("beta", 1);
    boolean constantBias = !site.node().hasInput(2) || site.isConstant(2);
    if (!site.isConstant(1) || flag(site, "transA")) {
      return computed(site, draft, alpha, beta);
    }
    LoweredValue a = left(site, draft);
    LoweredValue weights = times(draft, draft.weights(site, 1), alpha);
    long columns = weights.shape().size(1);
    Shape out = draft.heldShape(site.outShape(), Layout.ONNX);
    LoweredValue row = constantBias ? row(site, draft, columns, beta) : null;
    if (row != null) {
      return draft.emit(new LoweredOperator.Dense(Fused.NONE), out, a, weights, row);
    }
    LoweredValue product =
        draft.emit(
            new LoweredOperator.Dense(Fused.NONE),
            "product",
            out,
            a.type(),
            a,
            weights,
            zeros(draft, columns));
    return plus(site, draft, product, beta, out);
  }

  private static LoweredValue computed(
      NodeSite site, LoweredGraphDraft draft, double alpha, double beta) {
    LoweredValue a = turned(draft, draft.in(site, 0, Layout.ONNX), flag(site, "transA"));
    LoweredValue b = turned(draft, draft.in(site, 1, Layout.ONNX), flag(site, "transB"));
    Shape out = draft.heldShape(site.outShape(), Layout.ONNX);
    LoweredValue y = draft.emit(new LoweredOperator.MatMul(), out, a, b);
    if (alpha != 1) {
      y = LoweringArithmetic.binary(draft, LoweredOperator.Binary.MUL, out, y, draft.number(alpha));
    }
    return site.node().hasInput(2) ? plus(site, draft, y, beta, out) : y;
  }

  private static LoweredValue plus(
      NodeSite site, LoweredGraphDraft draft, LoweredValue y, double beta, Shape out) {
    LoweredValue c = draft.in(site, 2, Layout.ONNX);
    if (beta != 1) {
      c =
          LoweringArithmetic.binary(
              draft, LoweredOperator.Binary.MUL, c.shape(), c, draft.number(beta));
    }
    return LoweringArithmetic.binary(draft, LoweredOperator.Binary.ADD, out, y, c);
  }

  private static LoweredValue turned(LoweredGraphDraft draft, LoweredValue x, boolean turn) {
    if (!turn) {
      return x;
    }
    Shape shape = Shape.of(List.of(x.shape().dim(1), x.shape().dim(0)));
    return draft.emit(new LoweredOperator.Transpose(List.of(1, 0)), "turned", shape, x.type(), x);
  }

  /** The bias as one number per column if it is that; null if it is something else. */
  private static LoweredValue row(
      NodeSite site, LoweredGraphDraft draft, long columns, double beta) {
    if (!site.node().hasInput(2)) {
      return zeros(draft, columns);
    }
    Shape shape = site.shape(2);
    boolean one = shape.elements() == 1;
    boolean perColumn =
        shape.elements() == columns && shape.rank() > 0 && shape.size(shape.rank() - 1) == columns;
    if (!one && !perColumn) {
      return null;
    }
    LoweredValue bias = draft.weights(site, 2);
    float[] given = bias.constant().orElseThrow().toFloats();
    if (perColumn && beta == 1 && shape.rank() == 1) {
      return bias;
    }
    float[] values = new float[(int) columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (beta * given[one ? 0 : i]);
    }
    return draft.constant(bias.name(), HostTensor.ofFloats(Shape.of(columns), values));
  }

  private static LoweredValue zeros(LoweredGraphDraft draft, long columns) {
    return draft.constant(
        "no_bias", HostTensor.ofFloats(Shape.of(columns), new float[(int) columns]));
  }

  private static LoweredValue times(LoweredGraphDraft draft, LoweredValue weights, double alpha) {
    if (alpha == 1) {
      return weights;
    }
    float[] values = weights.constant().orElseThrow().toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (alpha * values[i]);
    }
    return draft.constant(weights.name(), HostTensor.ofFloats(weights.shape(), values));
  }

  static LoweredValue matMul(NodeSite site, LoweredGraphDraft draft) {
    int rankA = site.shape(0).rank();
    int rankB = site.shape(1).rank();
    Shape out = draft.heldShape(site.outShape(), Layout.ONNX);
    if (rankA < 2 || rankB < 2) {
      return vectors(site, draft, out);
    }
    if (rankB != 2 || !site.isConstant(1)) {
      LoweredValue a = draft.in(site, 0, Layout.ONNX);
      return draft.emit(new LoweredOperator.MatMul(), out, a, draft.in(site, 1, Layout.ONNX));
    }
    LoweredValue weights = draft.weights(site, 1);
    LoweredValue bias = zeros(draft, weights.shape().size(1));
    LoweredValue a = left(site, draft);
    if (rankA == 2) {
      return draft.emit(new LoweredOperator.Dense(Fused.NONE), out, a, weights, bias);
    }
    LoweredValue rows =
        draft.reshape(a, Shape.of(List.of(rows(a.shape()), Dim.of(weights.shape().size(0)))));
    Shape flat = Shape.of(List.of(rows.shape().dim(0), Dim.of(weights.shape().size(1))));
    LoweredValue y =
        draft.emit(
            new LoweredOperator.Dense(Fused.NONE), "rows", flat, a.type(), rows, weights, bias);
    return draft.reshape(y, out);
  }

  /** All extents but the last as one. */
  private static Dim rows(Shape shape) {
    long known = 1;
    for (int axis = 0; axis < shape.rank() - 1; axis++) {
      known *= shape.dim(axis).isKnown() ? shape.dim(axis).size() : 1;
    }
    return shape.dim(0).isKnown()
        ? Dim.of(known)
        : known == 1 ? shape.dim(0) : Dim.of(known + "*" + shape.dim(0).symbol());
  }

  /** A vector is a row on the left and a column on the right, in as many stacks as the other. */
  private static LoweredValue vectors(NodeSite site, LoweredGraphDraft draft, Shape out) {
    LoweredValue a = draft.in(site, 0, Layout.ONNX);
    LoweredValue b = draft.in(site, 1, Layout.ONNX);
    int rank = Math.max(2, Math.max(a.shape().rank(), b.shape().rank()));
    LoweredValue left = a.shape().rank() == 1 ? stacked(draft, a, rank, rank - 1) : a;
    LoweredValue right = b.shape().rank() == 1 ? stacked(draft, b, rank, rank - 2) : b;
    Shape product =
        (a.shape().rank() == 1 ? right : left)
            .shape()
            .with(rank - 2, left.shape().dim(rank - 2))
            .with(rank - 1, right.shape().dim(rank - 1));
    LoweredValue y =
        draft.emit(new LoweredOperator.MatMul(), "product", product, a.type(), left, right);
    return draft.reshape(y, out);
  }

  /** A vector along one axis of an array whose other extents are 1. */
  private static LoweredValue stacked(
      LoweredGraphDraft draft, LoweredValue vector, int rank, int axis) {
    List<Dim> dims = new ArrayList<>(Collections.nCopies(rank, Dim.of(1)));
    dims.set(axis, vector.shape().dim(0));
    return draft.reshape(vector, Shape.of(dims));
  }

  private static LoweredValue left(NodeSite site, LoweredGraphDraft draft) {
    boolean flat = WeightLayoutRules.takesFlat(site, draft.plan());
    return draft.in(site, 0, flat ? Layout.FLAT_CHANNELS_LAST : Layout.ONNX);
  }

  private static boolean flag(NodeSite site, String attribute) {
    return site.node().intAttribute(attribute, 0) != 0;
  }
}
