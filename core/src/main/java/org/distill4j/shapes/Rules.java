package org.distill4j.shapes;

import java.util.HashMap;
import java.util.Map;

/** The rule of every known operator of ONNX's own domain, family by family. */
final class Rules {
  static final Map<String, Rule> ALL = all();

  private Rules() {}

  private static Map<String, Rule> all() {
    Map<String, Rule> rules = new HashMap<>();
    ElementwiseRules.add(rules);
    ConstantRules.add(rules);
    ConvolutionRules.add(rules);
    PoolRules.add(rules);
    MatrixRules.add(rules);
    NormRules.add(rules);
    LayoutRules.add(rules);
    SizeRules.add(rules);
    SelectionRules.add(rules);
    ScatterRules.add(rules);
    ReductionRules.add(rules);
    QuantizationRules.add(rules);
    RecurrentRules.add(rules);
    return Map.copyOf(rules);
  }
}
