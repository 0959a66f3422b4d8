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
    rules.put("LpNormalization", Rule.one(call -> along(call, -1)));
    rules.put("Softmax", Rule.one(call -> along(call, -1)));
    rules.put("LogSoftmax", Rule.one(call -> along(call, -1)));
    rules.put("Hardmax", Rule.one(call -> along(call, -1)));
    rules.put("CumSum", Rule.one(NormRules::cumulated));
    rules.put("ReverseSequence", Rule.one(ElementwiseRules::same));
    rules.put("Trilu", Rule.one(NormRules::triangle));
  }

  private static Fact along(Call call, long otherwise) {
    if (call.in(0).ranked() && call.in(0).rank() > 0) {
      call.axis(otherwise, call.in(0));
    }
    return ElementwiseRules.same(call);
  }

  private static Dim channels(Call call) {
    return call.in(0).ranked() && call.in(0).rank() > 1 ? call.in(0).dim(1) : Dim.UNKNOWN;
  }

  /** Input [N, C, ...]; scale, bias, mean and variance [C]. */
  private static List<Fact> batch(Call call) {
    call.requireRankAtLeast(0, 1);
    // A vector [N] counts as one channel.
    Dim channels = call.in(0).ranked() && call.in(0).rank() == 1 ? Dim.of(1) : channels(call);
    String[] names = {"", "scale", "bias", "mean", "variance"};
    for (int i = 1; i < names.length; i++) {
      call.in(i);
      call.requireVector(i, channels, names[i] + " of input " + call.shape(0) + ":");
    }
    return List.of(
        ElementwiseRules.same(call),
        Fact.of(call.type(3), call.shape(3)),
        Fact.of(call.type(4), call.shape(4)));
  }

  private static Fact instance(Call call) {
    call.requireRankAtLeast(0, 3);
    call.requireVector(1, channels(call), "scale of input " + call.shape(0) + ":");
    call.requireVector(2, channels(call), "bias of input " + call.shape(0) + ":");
    return ElementwiseRules.same(call);
  }

  private static Fact group(Call call) {
    long groups = call.node().intAttribute("num_groups", 1);
    Dim channels = channels(call);
    if (groups < 1 || (channels.isKnown() && channels.size() % groups != 0)) {
      throw call.fault(
          "num_groups: " + groups + " (expected: a divisor of " + channels + " channels)");
    }
    return instance(call);
  }

  /** Outputs the normalized input, and mean and inverse deviation with the normalized axes 1. */
  private static List<Fact> layer(Call call) {
    Fact in = call.in(0);
    long code = call.node().intAttribute("stash_type", 1);
    DType stash = TypeCode.type(code).orElse(null);
    if (!in.ranked()) {
      return List.of(in, Fact.of(stash, Shape.UNRANKED), Fact.of(stash, Shape.UNRANKED));
    }
    int axis = call.axis(-1, in);
    List<Dim> dims = in.shape().dims();
    Shape normalized = Shape.of(dims.subList(axis, dims.size()));
    Broadcast.requireTo(call, call.shape(1), normalized, "scale of input " + in.shape() + ":");
    if (call.has(2)) {
      Broadcast.requireTo(call, call.shape(2), normalized, "bias of input " + in.shape() + ":");
    }
    List<Dim> reduced = new ArrayList<>(dims.subList(0, axis));
    while (reduced.size() < dims.size()) {
      reduced.add(Dim.of(1));
    }
    return List.of(ElementwiseRules.same(call), Fact.of(stash, reduced), Fact.of(stash, reduced));
  }

  private static Fact local(Call call) {
    call.requireRankAtLeast(0, 3);
    return ElementwiseRules.same(call);
  }

  private static Fact cumulated(Call call) {
    if (call.in(0).ranked()) {
      call.numbers(1).filter(n -> n.length == 1).ifPresent(n -> call.axis(n[0], call.in(0).rank()));
    }
    return ElementwiseRules.same(call);
  }

  private static Fact triangle(Call call) {
    call.requireRankAtLeast(0, 2);
    return ElementwiseRules.same(call);
  }
}
