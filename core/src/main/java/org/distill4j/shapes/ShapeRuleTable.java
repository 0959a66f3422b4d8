package org.distill4j.shapes;

import java.util.HashMap;
import java.util.Map;

/** The rule of every known operator of ONNX's own domain, family by family. */
final class ShapeRuleTable {
  static final Map<String, ShapeRule> ALL = all();

  private ShapeRuleTable() {}

  private static Map<String, ShapeRule> all() {
    Map<String, ShapeRule> rules = new HashMap<>();
    ElementwiseShapeRules.add(rules);
    ConstantShapeRules.add(rules);
    ConvolutionShapeRules.add(rules);
    PoolShapeRules.add(rules);
    MatrixShapeRules.add(rules);
    NormalizationShapeRules.add(rules);
    RearrangingShapeRules.add(rules);
    ResizingShapeRules.add(rules);
    SelectionShapeRules.add(rules);
    ScatterShapeRules.add(rules);
    ReductionShapeRules.add(rules);
    QuantizationShapeRules.add(rules);
    RecurrentShapeRules.add(rules);
    return Map.copyOf(rules);
  }
}
