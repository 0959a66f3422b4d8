package org.distill4j.engine.lowering;

import org.distill4j.lowered.Layout;
import org.distill4j.lowered.WeightLayoutRules;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** MatMul of matrices and of stacks of them, with NumPy's rules for vectors and broadcasting. */
final class MatMulLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    if (isVector(site, 0) || isVector(site, 1)) {
      requireOneUnknown(site);
    }
  }

  private static void requireOneUnknown(NodeSite site) {
    if (unknowns(site.outShape()) > 1) {
      throw site.fault("output " + site.outShape() + " (expected: at most one unknown extent)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    boolean flat = WeightLayoutRules.takesFlat(site, assembly.plan());
    Operand<T> a = assembly.in(site, 0, flat ? Layout.FLAT_CHANNELS_LAST : Layout.ONNX);
    Operand<T> b =
        site.isConstant(1) ? assembly.stored(site, 1) : assembly.in(site, 1, Layout.ONNX);
    int rankA = site.shape(0).rank();
    int rankB = site.shape(1).rank();
    if (rankA == 2 && rankB == 2) {
      return tf.linalg.matMul(a, b);
    }
    if (rankA > 2 && rankB == 2 && unknowns(site.outShape()) <= 1 && site.size(1, 0) > 0) {
      Operand<T> rows = tf.reshape(a, tf.constant(new long[] {-1, site.size(1, 0)}));
      return assembly.reshape(tf.linalg.matMul(rows, b), site.outShape());
    }
    Operand<T> left = isVector(site, 0) ? tf.expandDims(a, tf.constant(0)) : a;
    Operand<T> right = isVector(site, 1) ? tf.expandDims(b, tf.constant(1)) : b;
    Operand<T> y = tf.train.batchMatMul(left, right, assembly.type());
    return isVector(site, 0) || isVector(site, 1) ? assembly.reshape(y, site.outShape()) : y;
  }

  private static boolean isVector(NodeSite site, int input) {
    return site.shape(input).rank() == 1;
  }

  static long unknowns(Shape shape) {
    return shape.dims().stream().filter(d -> !d.isKnown()).count();
  }
}
