package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.TypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that keep the shape but look along axes: normalizations, softmax, running sums. */
final class NormRules {
  private NormRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("BatchNormalization", NormRules::batch);
    rules.put("InstanceNormalization", Rule.one(NormRules::instance));
    rules.put("GroupNormalization", Rule.one(NormRules::group));
    rules.put("LayerNormalization", NormRules::layer);
    rules.put("LRN", Rule.one(NormRules::local));
    rules.put("MeanVarianceNormalization", Rule.one(ElementwiseRules::same));
    rules.put("LpNormalization", Rule.one(site -> along(site, -1)));
    rules.put("Softmax", Rule.one(site -> along(site, -1)));
    rules.put("LogSoftmax", Rule.one(site -> along(site, -1)));
    rules.put("Hardmax", Rule.one(site -> along(site, -1)));
    rules.put("CumSum", Rule.one(NormRules::cumulated));
    rules.put("ReverseSequence", Rule.one(ElementwiseRules::same));
    rules.put("Trilu", Rule.one(NormRules::triangle));
  }

  private static Fact along(NodeSite site, long otherwise) {
    if (site.in(0).ranked() && site.in(0).rank() > 0) {
      site.axis(otherwise, site.in(0));
    }
    return ElementwiseRules.same(site);
  }

  private static Dim channels(NodeSite site) {
    return site.in(0).ranked() && site.in(0).rank() > 1 ? site.in(0).dim(1) : Dim.UNKNOWN;
  }

  /** Input [N, C, ...]; scale, bias, mean and variance [C]. */
  private static List<Fact> batch(NodeSite site) {
    site.requireRankAtLeast(0, 1);
    // A vector [N] counts as one channel.
    Dim channels = site.in(0).ranked() && site.in(0).rank() == 1 ? Dim.of(1) : channels(site);
    String[] names = {"", "scale", "bias", "mean", "variance"};
    for (int i = 1; i < names.length; i++) {
      site.in(i);
      site.requireVector(i, channels, names[i] + " of input " + site.in(0).shape() + ":");
    }
    return List.of(
        ElementwiseRules.same(site),
        Fact.of(site.type(3), site.in(3).shape()),
        Fact.of(site.type(4), site.in(4).shape()));
  }

  private static Fact instance(NodeSite site) {
    site.requireRankAtLeast(0, 3);
    site.requireVector(1, channels(site), "scale of input " + site.in(0).shape() + ":");
    site.requireVector(2, channels(site), "bias of input " + site.in(0).shape() + ":");
    return ElementwiseRules.same(site);
  }

  private static Fact group(NodeSite site) {
    long groups = site.node().intAttribute("num_groups", 1);
    Dim channels = channels(site);
    if (groups < 1 || (channels.isKnown() && channels.size() % groups != 0)) {
      throw site.fault(
          "num_groups: " + groups + " (expected: a divisor of " + channels + " channels)");
    }
    return instance(site);
  }

  /** Outputs the normalized input, and mean and inverse deviation with the normalized axes 1. */
  private static List<Fact> layer(NodeSite site) {
    Fact in = site.in(0);
    long code = site.node().intAttribute("stash_type", 1);
    DType stash = TypeCode.type(code).orElse(null);
    if (!in.ranked()) {
      return List.of(in, Fact.of(stash, Shape.UNRANKED), Fact.of(stash, Shape.UNRANKED));
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
    return List.of(ElementwiseRules.same(site), Fact.of(stash, reduced), Fact.of(stash, reduced));
  }

  private static Fact local(NodeSite site) {
    site.requireRankAtLeast(0, 3);
    return ElementwiseRules.same(site);
  }

  private static Fact cumulated(NodeSite site) {
    if (site.in(0).ranked()) {
      site.numbers(1)
          .filter(n -> n.length == 1)
          .ifPresent(n -> site.axisWithin(n[0], site.in(0).rank()));
    }
    return ElementwiseRules.same(site);
  }

  private static Fact triangle(NodeSite site) {
    site.requireRankAtLeast(0, 2);
    return ElementwiseRules.same(site);
  }
}
