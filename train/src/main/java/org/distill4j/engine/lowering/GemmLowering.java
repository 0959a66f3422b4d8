package org.distill4j.engine.lowering;

import org.distill4j.lowered.Layout;
import org.distill4j.lowered.WeightLayoutRules;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TFloating;

/**
 * Gemm: {@code alpha A B + beta C}. Constant weights are stored as {@code [in, out]}, and in the
 * order of a flattened map that comes with channels last.
 */
final class GemmLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    if (site.shape(0).rank() != 2 || site.shape(1).rank() != 2) {
      throw site.fault("inputs " + site.shape(0) + " and " + site.shape(1) + " (expected: rank 2)");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Ops tf = assembly.tf();
    boolean flat = WeightLayoutRules.takesFlat(site, assembly.plan());
    Operand<T> a = assembly.in(site, 0, flat ? Layout.FLAT_CHANNELS_LAST : Layout.ONNX);
    boolean constant = site.isConstant(1);
    Operand<T> b = constant ? assembly.stored(site, 1) : assembly.in(site, 1, Layout.ONNX);
    Operand<T> y =
        tf.linalg.matMul(
            a,
            b,
            MatMul.transposeA(flag(site, "transA")),
            MatMul.transposeB(!constant && flag(site, "transB")));
    double alpha = site.node().floatAttribute("alpha", 1);
    y = alpha == 1 ? y : tf.math.mul(y, assembly.number(alpha));
    return site.node().hasInput(2) ? addBias(site, assembly, y) : y;
  }

  private static <T extends TFloating> Operand<T> addBias(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> y) {
    Ops tf = assembly.tf();
    Operand<T> c = assembly.in(site, 2, Layout.ONNX);
    double beta = site.node().floatAttribute("beta", 1);
    c = beta == 1 ? c : tf.math.mul(c, assembly.number(beta));
    Shape shape = site.shape(2);
    long columns = site.outShape().dim(1).size();
    boolean isRow =
        shape.isStatic()
            && shape.rank() > 0
            && shape.elements() == columns
            && shape.size(shape.rank() - 1) == columns;
    return isRow ? tf.nn.biasAdd(y, assembly.reshape(c, Shape.of(columns))) : tf.math.add(y, c);
  }

  private static boolean flag(NodeSite site, String attribute) {
    return site.node().intAttribute(attribute, 0) != 0;
  }
}
