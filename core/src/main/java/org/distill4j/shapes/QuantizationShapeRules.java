package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators between floats and integers with a scale. */
final class QuantizationShapeRules {
  private QuantizationShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("QuantizeLinear", ShapeRule.one(QuantizationShapeRules::quantize));
    rules.put("DequantizeLinear", ShapeRule.one(QuantizationShapeRules::dequantize));
    rules.put("DynamicQuantizeLinear", QuantizationShapeRules::dynamic);
  }

  private static ValueFact quantize(NodeSite site) {
    requireScale(site);
    long code = site.node().intAttribute("output_dtype", 0);
    DType type = code == 0 ? DType.UINT8 : OnnxTypeCode.type(code).orElse(null);
    if (site.has(2)) {
      if (code != 0 && type != null && site.type(2) != null && site.type(2) != type) {
        throw site.fault("zero point " + site.in(2) + " (expected: output_dtype " + type + ")");
      }
      type = site.type(2);
    }
    return ValueFact.of(type, site.in(0).shape());
  }

  private static ValueFact dequantize(NodeSite site) {
    requireScale(site);
    if (site.has(2) && site.type(0) != null && site.type(2) != null) {
      if (site.type(0) != site.type(2)) {
        throw site.fault("zero point " + site.in(2) + " (expected: " + site.type(0) + ")");
      }
    }
    return ValueFact.of(site.type(1), site.in(0).shape());
  }

  /** One scale for all, one per channel of an axis, or one per block along an axis. */
  private static void requireScale(NodeSite site) {
    ValueFact in = site.in(0);
    ValueFact scale = site.in(1);
    boolean perTensor = !scale.ranked() || isPerTensor(scale.shape());
    if (!perTensor && scale.rank() == 1 && in.ranked()) {
      int axis = site.axis(1, in);
      site.requireVector(1, in.dim(axis), "scale for axis " + axis + " of " + in.shape() + ":");
    }
    if (site.has(2) && scale.ranked() && site.in(2).ranked()) {
      Shape zeroPoint = site.in(2).shape();
      boolean single = perTensor && isPerTensor(zeroPoint); // [1] or [], whichever
      boolean fits = single || zeroPoint.rank() == scale.rank();
      for (int i = 0; fits && !single && i < scale.rank(); i++) {
        fits = !ValueFact.differ(zeroPoint.dim(i), scale.dim(i));
      }
      if (!fits) {
        throw site.fault("zero point " + zeroPoint + " (expected: " + scale.shape() + ")");
      }
    }
  }

  private static boolean isPerTensor(Shape shape) {
    return shape.rank() == 0 || (shape.rank() == 1 && isOne(shape.dim(0)));
  }

  private static boolean isOne(Dim dim) {
    return dim.isKnown() && dim.size() == 1;
  }

  private static List<ValueFact> dynamic(NodeSite site) {
    return List.of(
        ValueFact.of(DType.UINT8, site.in(0).shape()),
        ValueFact.of(DType.FLOAT32, Shape.SCALAR),
        ValueFact.of(DType.UINT8, Shape.SCALAR));
  }
}
