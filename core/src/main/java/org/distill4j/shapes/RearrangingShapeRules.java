package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that keep all elements but group, order or join them otherwise. */
final class RearrangingShapeRules {
  private RearrangingShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Reshape", ShapeRule.one(RearrangingShapeRules::reshape));
    rules.put("Flatten", ShapeRule.one(RearrangingShapeRules::flatten));
    rules.put("Transpose", ShapeRule.one(RearrangingShapeRules::transpose));
    rules.put("Squeeze", ShapeRule.one(RearrangingShapeRules::squeeze));
    rules.put("Unsqueeze", ShapeRule.one(RearrangingShapeRules::unsqueeze));
    rules.put("Concat", ShapeRule.one(RearrangingShapeRules::concat));
    rules.put("Split", RearrangingShapeRules::split);
    rules.put("DepthToSpace", ShapeRule.one(site -> blocks(site, false)));
    rules.put("SpaceToDepth", ShapeRule.one(site -> blocks(site, true)));
  }

  /** In the target, 0 keeps an extent (unless allowzero) and one -1 takes what is left. */
  private static ValueFact reshape(NodeSite site) {
    site.requireRank(1, 1);
    ValueFact in = site.in(0);
    ValueFact target = site.in(1);
    if (target.elements() == null) {
      return ValueFact.of(in.type(), ConstantShapeRules.target(site, 1));
    }
    boolean keep = site.node().intAttribute("allowzero", 0) == 0;
    List<Dim> dims = new ArrayList<>();
    int rest = -1;
    Set<Integer> kept = new HashSet<>();
    for (int i = 0; i < target.elements().size(); i++) {
      SymbolicExtent extent = target.elements().get(i);
      if (extent.isNumber() && extent.factor() == 0 && keep) {
        dims.add(kept(site, in, i));
        kept.add(i);
      } else if (extent.isNegative()) {
        if (extent.factor() != -1 || rest >= 0) {
          throw site.fault("target " + spelled(target) + " (expected: extents and at most one -1)");
        }
        rest = i;
        dims.add(Dim.of(1));
      } else {
        dims.add(extent.dim());
      }
    }
    if (in.ranked()) {
      SymbolicExtent all = SymbolicExtent.product(in.shape().dims());
      SymbolicExtent others = SymbolicExtent.product(dims);
      requireSameCount(site, in, target, all, others, rest >= 0);
      if (rest >= 0) {
        dims.set(rest, left(in, dims, kept).dim());
      }
    } else if (rest >= 0) {
      dims.set(rest, Dim.UNKNOWN);
    }
    return ValueFact.of(in.type(), dims).withElements(in.elements());
  }

  private static Dim kept(NodeSite site, ValueFact in, int axis) {
    if (!in.ranked()) {
      return Dim.UNKNOWN;
    }
    if (axis >= in.rank()) {
      throw site.fault(
          "target has 0 at " + axis + " (expected: an axis to keep, of input " + in.shape() + ")");
    }
    return in.dim(axis);
  }

  private static void requireSameCount(
      NodeSite site,
      ValueFact in,
      ValueFact target,
      SymbolicExtent all,
      SymbolicExtent others,
      boolean rest) {
    if (!all.isNumber() || !others.isNumber()) {
      return;
    }
    boolean fits =
        rest
            ? others.factor() != 0 && all.factor() % others.factor() == 0
            : all.factor() == others.factor();
    if (!fits && !(rest && all.factor() == 0)) {
      throw site.fault(
          "input "
              + in.shape()
              + " of "
              + all.factor()
              + " elements to "
              + spelled(target)
              + " (expected: "
              + (rest ? "extents that divide them" : "as many elements")
              + ")");
    }
  }

  /** What a -1 stands for; unknown extents that are merely kept cancel out, too. */
  private static SymbolicExtent left(ValueFact in, List<Dim> dims, Set<Integer> kept) {
    List<Dim> from = new ArrayList<>(in.shape().dims());
    List<Dim> to = new ArrayList<>(dims);
    for (int i : kept) {
      from.set(i, Dim.of(1));
      to.set(i, Dim.of(1));
    }
    return SymbolicExtent.product(from).over(SymbolicExtent.product(to));
  }

  private static String spelled(ValueFact target) {
    return target.elements().stream()
        .map(e -> e.isNumber() ? Long.toString(e.factor()) : e.dim().toString())
        .toList()
        .toString();
  }

  private static ValueFact flatten(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return ValueFact.of(in.type(), List.of(Dim.UNKNOWN, Dim.UNKNOWN));
    }
    long axis = site.node().intAttribute("axis", 1);
    int at = axis == in.rank() ? in.rank() : site.axisWithin(axis, in.rank());
    List<Dim> dims = in.shape().dims();
    return ValueFact.of(
        in.type(),
        List.of(
            SymbolicExtent.product(dims.subList(0, at)).dim(),
            SymbolicExtent.product(dims.subList(at, dims.size())).dim()));
  }

  private static ValueFact transpose(NodeSite site) {
    ValueFact in = site.in(0);
    Optional<long[]> perm = site.node().optionalInts("perm");
    if (!in.ranked()) {
      return perm.isPresent()
          ? ValueFact.of(in.type(), ConstantShapeRules.unknown(site, perm.get().length))
          : in;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = in.rank() - 1; i >= 0; i--) {
      dims.add(in.dim(i));
    }
    if (perm.isPresent()) {
      requirePermutation(site, perm.get(), in.rank());
      dims.clear();
      for (long axis : perm.get()) {
        dims.add(in.dim((int) axis));
      }
    }
    return ValueFact.of(in.type(), dims).withElements(in.rank() < 2 ? in.elements() : null);
  }

  private static void requirePermutation(NodeSite site, long[] perm, int rank) {
    long[] sorted = perm.clone();
    Arrays.sort(sorted);
    boolean fits = perm.length == rank;
    for (int i = 0; fits && i < rank; i++) {
      fits = sorted[i] == i;
    }
    if (!fits) {
      throw site.fault(
          "perm: "
              + Arrays.toString(perm)
              + " (expected: a permutation of the axes of "
              + site.in(0).shape()
              + ")");
    }
  }

  private static ValueFact squeeze(NodeSite site) {
    ValueFact in = site.in(0);
    Optional<long[]> axes = site.numbers(1);
    if (!in.ranked() || (site.has(1) && axes.isEmpty())) {
      return ValueFact.of(in.type(), Shape.UNRANKED);
    }
    Set<Integer> dropped = new HashSet<>();
    if (site.has(1)) {
      for (long given : axes.get()) {
        int axis = site.axisWithin(given, in.rank());
        if (ValueFact.differ(in.dim(axis), Dim.of(1))) {
          throw site.fault("axis " + axis + " of " + in.shape() + " (expected: extent 1)");
        }
        dropped.add(axis);
      }
    } else if (in.shape().isStatic()) {
      for (int i = 0; i < in.rank(); i++) {
        if (in.shape().size(i) == 1) {
          dropped.add(i);
        }
      }
    } else {
      return ValueFact.of(in.type(), Shape.UNRANKED);
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < in.rank(); i++) {
      if (!dropped.contains(i)) {
        dims.add(in.dim(i));
      }
    }
    return ValueFact.of(in.type(), dims).withElements(in.elements());
  }

  private static ValueFact unsqueeze(NodeSite site) {
    ValueFact in = site.in(0);
    site.in(1);
    Optional<long[]> axes = site.numbers(1);
    if (!in.ranked() || axes.isEmpty()) {
      return ValueFact.of(in.type(), Shape.UNRANKED);
    }
    int rank = in.rank() + axes.get().length;
    Set<Integer> added = new HashSet<>();
    for (long axis : axes.get()) {
      if (!added.add(site.axisWithin(axis, rank))) {
        throw site.fault("axes: " + Arrays.toString(axes.get()) + " (expected: each once)");
      }
    }
    List<Dim> dims = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      dims.add(added.contains(i) ? Dim.of(1) : in.dim(next++));
    }
    return ValueFact.of(in.type(), dims).withElements(in.elements());
  }

  private static ValueFact concat(NodeSite site) {
    site.in(0);
    site.requireOneType(0);
    if (site.inputs().stream().anyMatch(f -> f == null || !f.ranked())) {
      return ValueFact.of(site.type(0), Shape.UNRANKED);
    }
    int axis = site.axis(0, site.in(0));
    List<Dim> dims = new ArrayList<>(site.in(0).shape().dims());
    SymbolicExtent joined = SymbolicExtent.of(dims.get(axis));
    for (int i = 1; i < site.inputs().size(); i++) {
      Shape shape = site.in(i).shape();
      boolean fits = shape.rank() == dims.size();
      for (int k = 0; fits && k < dims.size(); k++) {
        fits = k == axis || !ValueFact.differ(dims.get(k), shape.dim(k));
      }
      if (!fits) {
        throw site.fault(
            site.in(0).shape()
                + " and "
                + shape
                + " (expected: the same extents but on axis "
                + axis
                + ")");
      }
      for (int k = 0; k < dims.size(); k++) {
        dims.set(k, ValueFact.merge(dims.get(k), shape.dim(k)));
      }
      joined = joined.plus(SymbolicExtent.of(shape.dim(axis)));
    }
    dims.set(axis, joined.dim());
    ValueFact fact = ValueFact.of(site.type(0), dims);
    if (dims.size() != 1 || site.inputs().stream().anyMatch(f -> f.elements() == null)) {
      return fact;
    }
    return fact.withElements(site.inputs().stream().flatMap(f -> f.elements().stream()).toList());
  }

  private static List<ValueFact> split(NodeSite site) {
    ValueFact in = site.in(0);
    int outputs = site.node().outputs().size();
    List<ValueFact> facts = new ArrayList<>();
    if (!in.ranked()) {
      site.node().outputs().forEach(o -> facts.add(in));
      return facts;
    }
    int axis = site.axis(0, in);
    Dim whole = in.dim(axis);
    long[] sizes = sizes(site, whole, outputs);
    int from = 0;
    for (int i = 0; i < outputs; i++) {
      Dim part = sizes == null ? Dim.UNKNOWN : Dim.of(sizes[i]);
      ValueFact fact = ValueFact.of(in.type(), in.shape().with(axis, part));
      if (in.elements() != null && in.rank() == 1 && sizes != null) {
        fact = fact.withElements(in.elements().subList(from, from + (int) sizes[i]));
        from += (int) sizes[i];
      }
      facts.add(fact);
    }
    return facts;
  }

  private static long[] sizes(NodeSite site, Dim whole, int outputs) {
    long[] sizes = site.numbers(1).orElse(null);
    if (!site.has(1) && whole.isKnown()) {
      long parts = site.node().intAttribute("num_outputs", outputs);
      if (parts < outputs) {
        throw site.fault("num_outputs: " + parts + " (expected: " + outputs + ")");
      }
      long each = (whole.size() + parts - 1) / parts;
      sizes = new long[outputs];
      for (int i = 0; i < outputs; i++) {
        sizes[i] = Math.max(0, Math.min(each, whole.size() - i * each));
      }
      return sizes;
    }
    boolean fits =
        sizes == null
            || (sizes.length == outputs
                && Arrays.stream(sizes).allMatch(s -> s >= 0)
                && (!whole.isKnown() || Arrays.stream(sizes).sum() == whole.size()));
    if (!fits) {
      throw site.fault(
          "split "
              + Arrays.toString(sizes)
              + " (expected: "
              + outputs
              + " sizes that add up to "
              + whole
              + ")");
    }
    return sizes;
  }

  /** [N, C, H, W] to [N, C·b², H/b, W/b], or back. */
  private static ValueFact blocks(NodeSite site, boolean toDepth) {
    site.requireRank(0, 4);
    ValueFact in = site.in(0);
    long block = site.node().intAttribute("blocksize", 0);
    if (block < 1) {
      throw site.fault("blocksize: " + block + " (expected: >= 1)");
    }
    if (!in.ranked()) {
      return ValueFact.of(in.type(), ConstantShapeRules.unknown(site, 4));
    }
    SymbolicExtent side = SymbolicExtent.of(block);
    SymbolicExtent area = side.times(side);
    List<Dim> dims = new ArrayList<>();
    dims.add(in.dim(0));
    for (int i = 1; i < 4; i++) {
      SymbolicExtent extent = SymbolicExtent.of(in.dim(i));
      SymbolicExtent factor = i == 1 ? area : side;
      boolean grows = toDepth == (i == 1);
      SymbolicExtent result = grows ? extent.times(factor) : extent.over(factor);
      if (extent.isNumber() && !result.known()) {
        throw site.fault(
            "axis " + i + " of " + in.shape() + " (expected: a multiple of " + factor.dim() + ")");
      }
      dims.add(result.dim());
    }
    return ValueFact.of(in.type(), dims);
  }
}
