package org.distill4j.lowered;

import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;

/** The layout rules of weights: how a constant at an operator's input is best stored. */
public final class WeightLayoutRules {
  private WeightLayoutRules() {}

  /** The order of a constant at an input; that of ONNX where the operator has no wish. */
  public static VariableLayout stored(NodeSite site, LayoutPlan plan, int input) {
    Shape shape = site.known().shape(site.node().input(input));
    if (input != 1 || !site.node().domain().isEmpty()) {
      return VariableLayout.asIs(shape);
    }
    return switch (site.node().op()) {
      case "Conv" ->
          isDepthwise(site)
              ? VariableLayout.depthwise(shape, group(site))
              : VariableLayout.conv(shape);
      case "Gemm" -> gemm(site, plan, shape);
      case "MatMul" ->
          takesFlat(site, plan)
              ? VariableLayout.flattenedRows(shape, false, plan.channels(site.node().input(0)))
              : VariableLayout.asIs(shape);
      default -> VariableLayout.asIs(shape);
    };
  }

  private static VariableLayout gemm(NodeSite site, LayoutPlan plan, Shape shape) {
    boolean transposed = flag(site, "transB");
    if (takesFlat(site, plan)) {
      return VariableLayout.flattenedRows(shape, transposed, plan.channels(site.node().input(0)));
    }
    return transposed ? VariableLayout.transposed(shape) : VariableLayout.asIs(shape);
  }

  /** Whether a Gemm or MatMul takes rows of a flattened map as they are held. */
  public static boolean takesFlat(NodeSite site, LayoutPlan plan) {
    return plan.of(site, 0) == Layout.FLAT_CHANNELS_LAST
        && !flag(site, "transA")
        && site.isConstant(1)
        && site.shape(1).rank() == 2;
  }

  /** Whether a Conv has as many groups as channels. */
  public static boolean isDepthwise(NodeSite site) {
    return group(site) > 1 && site.shape(1).size(1) == 1;
  }

  /** The groups of a Conv. */
  public static long group(NodeSite site) {
    return site.node().intAttribute("group", 1);
  }

  private static boolean flag(NodeSite site, String attribute) {
    return site.node().intAttribute(attribute, 0) != 0;
  }
}
