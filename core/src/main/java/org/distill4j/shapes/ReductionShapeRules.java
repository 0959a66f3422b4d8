package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that make one number out of all along some axes. */
final class ReductionShapeRules {
  private ReductionShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    for (String op : List.of("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod")) {
      rules.put("Reduce" + op, ShapeRule.one(ReductionShapeRules::reduce));
    }
    rules.put("ReduceSum", ShapeRule.one(ReductionShapeRules::reduce));
    rules.put("ReduceSumSquare", ShapeRule.one(ReductionShapeRules::reduce));
    rules.put("ArgMax", ShapeRule.one(ReductionShapeRules::position));
    rules.put("ArgMin", ShapeRule.one(ReductionShapeRules::position));
  }

  private static ValueFact reduce(NodeSite site) {
    ValueFact in = site.in(0);
    Optional<long[]> given = site.numbers(1);
    boolean keep = site.node().intAttribute("keepdims", 1) != 0;
    boolean unknown = site.has(1) && given.isEmpty() && !isEmpty(site.in(1));
    if (!in.ranked() || unknown) {
      boolean sameRank = in.ranked() && keep;
      return ValueFact.of(
          in.type(), sameRank ? ConstantShapeRules.unknown(site, in.rank()) : Shape.UNRANKED);
    }
    Set<Integer> axes = new HashSet<>();
    for (long axis : given.orElse(new long[0])) {
      axes.add(site.axisWithin(axis, in.rank()));
    }
    if (axes.isEmpty()) {
      if (site.node().intAttribute("noop_with_empty_axes", 0) != 0) {
        return in;
      }
      for (int i = 0; i < in.rank(); i++) {
        axes.add(i);
      }
    }
    ValueFact fact = ValueFact.of(in.type(), without(in.shape(), axes, keep));
    return fact.withElements(total(site, in, fact));
  }

  private static boolean isEmpty(ValueFact fact) {
    return fact.ranked() && fact.shape().isStatic() && fact.shape().elements() == 0;
  }

  /** The product or sum of a followed array that becomes one number. */
  private static List<SymbolicExtent> total(NodeSite site, ValueFact in, ValueFact out) {
    String op = site.node().op();
    boolean followed = op.equals("ReduceProd") || op.equals("ReduceSum");
    if (!followed
        || in.elements() == null
        || !out.shape().isStatic()
        || out.shape().elements() != 1) {
      return null;
    }
    SymbolicExtent total = SymbolicExtent.of(op.equals("ReduceProd") ? 1 : 0);
    for (SymbolicExtent element : in.elements()) {
      total = op.equals("ReduceProd") ? total.times(element) : total.plus(element);
    }
    return List.of(total);
  }

  private static Shape without(Shape shape, Set<Integer> axes, boolean keep) {
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      if (!axes.contains(i)) {
        dims.add(shape.dim(i));
      } else if (keep) {
        dims.add(Dim.of(1));
      }
    }
    return Shape.of(dims);
  }

  private static ValueFact position(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return ValueFact.of(DType.INT64, Shape.UNRANKED);
    }
    boolean keep = site.node().intAttribute("keepdims", 1) != 0;
    return ValueFact.of(DType.INT64, without(in.shape(), Set.of(site.axis(0, in)), keep));
  }
}
