package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that keep the shape but look along axes: normalizations, softmax, running sums. */
final class NormalizationShapeRules {
  private NormalizationShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("BatchNormalization", NormalizationShapeRules::batch);
    rules.put("InstanceNormalization", ShapeRule.one(NormalizationShapeRules::instance));
    rules.put("GroupNormalization", ShapeRule.one(NormalizationShapeRules::group));
    rules.put("LayerNormalization", NormalizationShapeRules::layer);
    rules.put("LRN", ShapeRule.one(NormalizationShapeRules::local));
    rules.put("MeanVarianceNormalization", ShapeRule.one(ElementwiseShapeRules::same));
    rules.put("LpNormalization", ShapeRule.one(site -> along(site, -1)));
    rules.put("Softmax", ShapeRule.one(site -> along(site, -1)));
    rules.put("LogSoftmax", ShapeRule.one(site -> along(site, -1)));
    rules.put("Hardmax", ShapeRule.one(site -> along(site, -1)));
    rules.put("CumSum", ShapeRule.one(NormalizationShapeRules::cumulated));
    rules.put("ReverseSequence", ShapeRule.one(ElementwiseShapeRules::same));
    rules.put("Trilu", ShapeRule.one(NormalizationShapeRules::triangle));
  }

  private static ValueFact along(NodeSite site, long otherwise) {
    if (site.in(0).ranked() && site.in(0).rank() > 0) {
      site.axis(otherwise, site.in(0));
    }
    return ElementwiseShapeRules.same(site);
  }

  private static Dim channels(NodeSite site) {
    return site.in(0).ranked() && site.in(0).rank() > 1 ? site.in(0).dim(1) : Dim.UNKNOWN;
  }

  /** Input [N, C, ...]; scale, bias, mean and variance [C]. */
  private static List<ValueFact> batch(NodeSite site) {
    site.requireRankAtLeast(0, 1);
    // A vector [N] counts as one channel.
    Dim channels = site.in(0).ranked() && site.in(0).rank() == 1 ? Dim.of(1) : channels(site);
    String[] names = {"", "scale", "bias", "mean", "variance"};
    for (int i = 1; i < names.length; i++) {
      site.in(i);
      site.requireVector(i, channels, names[i] + " of input " + site.in(0).shape() + ":");
    }
    return List.of(
        ElementwiseShapeRules.same(site),
        ValueFact.of(site.type(3), site.in(3).shape()),
        ValueFact.of(site.type(4), site.in(4).shape()));
  }

  private static ValueFact instance(NodeSite site) {
    site.requireRankAtLeast(0, 3);
    site.requireVector(1, channels(site), "scale of input " + site.in(0).shape() + ":");
    site.requireVector(2, channels(site), "bias of input " + site.in(0).shape() + ":");
    return ElementwiseShapeRules.same(site);
  }

  private static ValueFact group(NodeSite site) {
    long groups = site.node().intAttribute("num_groups", 1);
    Dim channels = channels(site);
    if (groups < 1 || (channels.isKnown() && channels.size() % groups != 0)) {
      throw site.fault(
          "num_groups: " + groups + " (expected: a divisor of " + channels + " channels)");
    }
    return instance(site);
  }

  /** Outputs the normalized input, and mean and inverse deviation with the normalized axes 1. */
  private static List<ValueFact> layer(NodeSite site) {
    ValueFact in = site.in(0);
    long code = site.node().intAttribute("stash_type", 1);
    DType stash = OnnxTypeCode.type(code).orElse(null);
    if (!in.ranked()) {
      return List.of(in, ValueFact.of(stash, Shape.UNRANKED), ValueFact.of(stash, Shape.UNRANKED));
    }
    int axis = site.axis(-1, in);
    List<Dim> dims = in.shape().dims();
    Shape normalized = Shape.of(dims.subList(axis, dims.size()));
    Broadcast.requireTo(site, site.in(1).shape(), normalized, "scale of input " + in.shape() + ":");
    if (site.has(2)) {
      Broadcast.requireTo(
          site, site.in(2).shape(), normalized, "bias of input " + in.shape() + ":");
    }
    List<Dim> reduced = new ArrayList<>(dims.subList(0, axis));
    while (reduced.size() < dims.size()) {
      reduced.add(Dim.of(1));
    }
    return List.of(
        ElementwiseShapeRules.same(site),
        ValueFact.of(stash, reduced),
        ValueFact.of(stash, reduced));
  }

  private static ValueFact local(NodeSite site) {
    site.requireRankAtLeast(0, 3);
    return ElementwiseShapeRules.same(site);
  }

  private static ValueFact cumulated(NodeSite site) {
    if (site.in(0).ranked()) {
      site.numbers(1)
          .filter(n -> n.length == 1)
          .ifPresent(n -> site.axisWithin(n[0], site.in(0).rank()));
    }
    return ElementwiseShapeRules.same(site);
  }

  private static ValueFact triangle(NodeSite site) {
    site.requireRankAtLeast(0, 2);
    return ElementwiseShapeRules.same(site);
  }
}
