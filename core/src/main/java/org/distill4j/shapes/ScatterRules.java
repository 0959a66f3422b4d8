package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that write into a copy of an array, and losses. */
final class ScatterRules {
  private ScatterRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("ScatterElements", Rule.one(ScatterRules::elements));
    rules.put("ScatterND", Rule.one(ScatterRules::places));
    rules.put("NegativeLogLikelihoodLoss", Rule.one(call -> loss(call)));
    rules.put(
        "SoftmaxCrossEntropyLoss",
        call -> List.of(loss(call), Fact.of(call.type(0), call.shape(0))));
    rules.put("Multinomial", Rule.one(ScatterRules::multinomial));
  }

  private static Fact elements(Call call) {
    Fact data = call.in(0);
    if (data.ranked()) {
      call.axis(0, data);
      call.requireRank(1, data.rank());
      call.requireRank(2, data.rank());
    }
    return ElementwiseRules.same(call);
  }

  private static Fact places(Call call) {
    call.requireRankAtLeast(0, 1);
    call.requireRankAtLeast(1, 1);
    return ElementwiseRules.same(call);
  }

  private static Fact loss(Call call) {
    boolean reduced = !call.node().textAttribute("reduction", "mean").equals("none");
    return Fact.of(call.type(0), reduced ? Shape.SCALAR : call.shape(1));
  }

  /** Input [batch, classes]: [batch, samples]. */
  private static Fact multinomial(Call call) {
    call.requireRank(0, 2);
    boolean wide = call.node().intAttribute("dtype", 6) == 7;
    Dim rows = call.in(0).ranked() ? call.in(0).dim(0) : Dim.UNKNOWN;
    return Fact.of(
        wide ? DType.INT64 : DType.INT32,
        List.of(rows, Dim.of(call.node().intAttribute("sample_size", 1))));
  }
}
