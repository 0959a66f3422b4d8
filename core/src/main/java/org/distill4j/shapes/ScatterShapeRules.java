package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that write into a copy of an array, and losses. */
final class ScatterShapeRules {
  private ScatterShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("ScatterElements", ShapeRule.one(ScatterShapeRules::elements));
    rules.put("ScatterND", ShapeRule.one(ScatterShapeRules::places));
    rules.put("NegativeLogLikelihoodLoss", ShapeRule.one(site -> loss(site)));
    rules.put(
        "SoftmaxCrossEntropyLoss",
        site -> List.of(loss(site), ValueFact.of(site.type(0), site.in(0).shape())));
    rules.put("Multinomial", ShapeRule.one(ScatterShapeRules::multinomial));
  }

  private static ValueFact elements(NodeSite site) {
    ValueFact data = site.in(0);
    if (data.ranked()) {
      site.axis(0, data);
      site.requireRank(1, data.rank());
      site.requireRank(2, data.rank());
    }
    return ElementwiseShapeRules.same(site);
  }

  private static ValueFact places(NodeSite site) {
    site.requireRankAtLeast(0, 1);
    site.requireRankAtLeast(1, 1);
    return ElementwiseShapeRules.same(site);
  }

  private static ValueFact loss(NodeSite site) {
    boolean reduced = !site.node().textAttribute("reduction", "mean").equals("none");
    return ValueFact.of(site.type(0), reduced ? Shape.SCALAR : site.in(1).shape());
  }

  /** Input [batch, classes]: [batch, samples]. */
  private static ValueFact multinomial(NodeSite site) {
    site.requireRank(0, 2);
    boolean wide = site.node().intAttribute("dtype", 6) == 7;
    Dim rows = site.in(0).ranked() ? site.in(0).dim(0) : Dim.UNKNOWN;
    return ValueFact.of(
        wide ? DType.INT64 : DType.INT32,
        List.of(rows, Dim.of(site.node().intAttribute("sample_size", 1))));
  }
}
