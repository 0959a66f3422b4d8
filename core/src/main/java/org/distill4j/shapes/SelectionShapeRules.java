package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that pick elements. */
final class SelectionShapeRules {
  private SelectionShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Slice", ShapeRule.one(SelectionShapeRules::slice));
    rules.put("Gather", ShapeRule.one(SelectionShapeRules::gather));
    rules.put("GatherElements", ShapeRule.one(SelectionShapeRules::gatherElements));
    rules.put("GatherND", ShapeRule.one(SelectionShapeRules::gatherNd));
    rules.put("TopK", SelectionShapeRules::topK);
    rules.put("Compress", ShapeRule.one(SelectionShapeRules::compress));
    rules.put("NonZero", ShapeRule.one(SelectionShapeRules::nonZero));
    rules.put(
        "NonMaxSuppression",
        ShapeRule.one(site -> ValueFact.of(DType.INT64, List.of(Dim.UNKNOWN, Dim.of(3)))));
    rules.put("Unique", SelectionShapeRules::unique);
    rules.put("OneHot", ShapeRule.one(SelectionShapeRules::oneHot));
    rules.put("GridSample", ShapeRule.one(SelectionShapeRules::sampled));
  }

  /** Inputs: the array, starts, ends, axes, steps. */
  private static ValueFact slice(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return in;
    }
    List<SymbolicExtent> starts = site.in(1).elements();
    List<SymbolicExtent> ends = site.in(2).elements();
    Optional<long[]> axes = site.numbers(3);
    Optional<long[]> steps = site.numbers(4);
    boolean unknown =
        starts == null
            || ends == null
            || (site.has(3) && axes.isEmpty())
            || (site.has(4) && steps.isEmpty());
    if (unknown) {
      return ValueFact.of(in.type(), ConstantShapeRules.unknown(site, in.rank()));
    }
    int n = starts.size();
    boolean fits =
        ends.size() == n
            && axes.map(a -> a.length == n).orElse(n <= in.rank())
            && steps.map(s -> s.length == n).orElse(true);
    if (!fits) {
      throw site.fault("starts, ends, axes, steps (expected: as many of each)");
    }
    Shape shape = in.shape();
    List<SymbolicExtent> elements = in.rank() == 1 ? in.elements() : null;
    for (int i = 0; i < n; i++) {
      int axis = site.axisWithin(axes.isPresent() ? axes.get()[i] : i, in.rank());
      long step = steps.isPresent() ? steps.get()[i] : 1;
      if (step == 0) {
        throw site.fault("step: 0 (expected: not 0)");
      }
      Dim size = shape.dim(axis);
      shape = shape.with(axis, range(size, starts.get(i), ends.get(i), step));
      if (elements != null) {
        elements = picked(elements, starts.get(i), ends.get(i), step);
      }
    }
    return ValueFact.of(in.type(), shape).withElements(elements);
  }

  private static Dim range(Dim size, SymbolicExtent start, SymbolicExtent end, long step) {
    if (size.isKnown() && start.isNumber() && end.isNumber()) {
      return Dim.of(positions(size.size(), start.factor(), end.factor(), step).length());
    }
    boolean fromFirst = start.isNumber() && start.factor() == 0;
    boolean toLast =
        end.equals(SymbolicExtent.of(size))
            || (end.isNumber() && end.factor() >= Integer.MAX_VALUE);
    boolean reversed =
        step == -1
            && start.equals(SymbolicExtent.of(-1))
            && end.isNumber()
            && end.factor() <= -Integer.MAX_VALUE;
    boolean whole = (step == 1 && fromFirst && toLast) || reversed;
    return whole ? size : Dim.UNKNOWN;
  }

  private record Positions(long first, long length) {}

  /** Negative positions count from the end; what lies outside is clamped. */
  private static Positions positions(long size, long start, long end, long step) {
    long first = start < 0 ? start + size : start;
    long last = end < 0 ? end + size : end;
    first = Math.max(0, Math.min(first, step > 0 ? size : size - 1));
    last = step > 0 ? Math.max(0, Math.min(last, size)) : Math.max(-1, Math.min(last, size - 1));
    long room = step > 0 ? last - first : first - last;
    long stride = step > 0 ? step : step == Long.MIN_VALUE ? Long.MAX_VALUE : -step;
    return new Positions(first, room <= 0 ? 0 : (room - 1) / stride + 1);
  }

  private static List<SymbolicExtent> picked(
      List<SymbolicExtent> from, SymbolicExtent start, SymbolicExtent end, long step) {
    if (!start.isNumber() || !end.isNumber()) {
      return null;
    }
    Positions p = positions(from.size(), start.factor(), end.factor(), step);
    List<SymbolicExtent> picked = new ArrayList<>();
    for (int i = 0; i < p.length(); i++) {
      picked.add(from.get((int) (p.first() + i * step)));
    }
    return picked;
  }

  /** The axis of the data is replaced by all axes of the indices. */
  private static ValueFact gather(NodeSite site) {
    ValueFact data = site.in(0);
    ValueFact indices = site.in(1);
    if (!data.ranked() || !indices.ranked()) {
      return ValueFact.of(data.type(), Shape.UNRANKED);
    }
    int axis = site.axis(0, data);
    List<Dim> dims = new ArrayList<>(data.shape().dims().subList(0, axis));
    dims.addAll(indices.shape().dims());
    dims.addAll(data.shape().dims().subList(axis + 1, data.rank()));
    long[] at = indices.numbers();
    if (at != null && data.dim(axis).isKnown()) {
      requireIndices(site, at, data.dim(axis).size(), data);
    }
    ValueFact fact = ValueFact.of(data.type(), dims);
    if (at == null || data.elements() == null || data.rank() != 1) {
      return fact;
    }
    int n = data.elements().size();
    return fact.withElements(
        Arrays.stream(at).mapToObj(i -> data.elements().get((int) (i < 0 ? i + n : i))).toList());
  }

  private static void requireIndices(NodeSite site, long[] indices, long size, ValueFact data) {
    for (long index : indices) {
      if (index < -size || index >= size) {
        throw site.fault(
            "index: "
                + index
                + " (expected: "
                + -size
                + " to "
                + (size - 1)
                + " for data "
                + data.shape()
                + ")");
      }
    }
  }

  private static ValueFact gatherElements(NodeSite site) {
    ValueFact data = site.in(0);
    ValueFact indices = site.in(1);
    if (data.ranked()) {
      site.axis(0, data);
      site.requireRank(1, data.rank());
    }
    return ValueFact.of(data.type(), indices.shape());
  }

  /** The last axis of the indices [..., k] names a place in k axes behind the batch axes. */
  private static ValueFact gatherNd(NodeSite site) {
    ValueFact data = site.in(0);
    ValueFact indices = site.in(1);
    site.requireRankAtLeast(1, 1);
    int batch = (int) site.node().intAttribute("batch_dims", 0);
    if (!data.ranked() || !indices.ranked() || !indices.dim(indices.rank() - 1).isKnown()) {
      return ValueFact.of(data.type(), Shape.UNRANKED);
    }
    long depth = indices.dim(indices.rank() - 1).size();
    if (batch < 0 || batch >= indices.rank() || depth < 1 || depth > data.rank() - batch) {
      throw site.fault(
          "indices "
              + indices.shape()
              + " with batch_dims "
              + batch
              + " (expected: at most the axes of data "
              + data.shape()
              + ")");
    }
    List<Dim> dims = new ArrayList<>(indices.shape().dims().subList(0, indices.rank() - 1));
    dims.addAll(data.shape().dims().subList(batch + (int) depth, data.rank()));
    return ValueFact.of(data.type(), dims);
  }

  private static List<ValueFact> topK(NodeSite site) {
    ValueFact in = site.in(0);
    site.in(1);
    if (!in.ranked()) {
      return List.of(in, ValueFact.of(DType.INT64, Shape.UNRANKED));
    }
    int axis = site.axis(-1, in);
    Optional<long[]> k = site.numbers(1).filter(n -> n.length == 1);
    Dim kept = Dim.UNKNOWN;
    if (k.isPresent()) {
      long n = k.get()[0];
      Dim size = in.dim(axis);
      if (n < 0 || (size.isKnown() && n > size.size())) {
        throw site.fault(
            "k: " + n + " (expected: 0 to " + size + ", axis " + axis + " of " + in.shape() + ")");
      }
      kept = Dim.of(n);
    }
    Shape shape = in.shape().with(axis, kept);
    return List.of(ValueFact.of(in.type(), shape), ValueFact.of(DType.INT64, shape));
  }

  private static ValueFact compress(NodeSite site) {
    ValueFact in = site.in(0);
    if (site.node().optionalInt("axis").isEmpty()) {
      return ValueFact.of(in.type(), List.of(Dim.UNKNOWN));
    }
    return in.ranked()
        ? ValueFact.of(in.type(), in.shape().with(site.axis(0, in), Dim.UNKNOWN))
        : in;
  }

  private static ValueFact nonZero(NodeSite site) {
    ValueFact in = site.in(0);
    Dim rank = in.ranked() ? Dim.of(Math.max(1, in.rank())) : Dim.UNKNOWN;
    return ValueFact.of(DType.INT64, List.of(rank, Dim.UNKNOWN));
  }

  private static List<ValueFact> unique(NodeSite site) {
    ValueFact in = site.in(0);
    ValueFact positions = ValueFact.of(DType.INT64, List.of(Dim.UNKNOWN));
    ValueFact values = ValueFact.of(in.type(), compress(site).shape());
    return List.of(values, positions, positions, positions);
  }

  private static ValueFact oneHot(NodeSite site) {
    ValueFact indices = site.in(0);
    Optional<double[]> constant = site.constant(1).filter(d -> d.length == 1);
    Optional<Long> depth =
        site.numbers(1)
            .filter(d -> d.length == 1)
            .map(d -> d[0])
            .or(() -> constant.map(d -> (long) d[0]));
    if (!indices.ranked()) {
      return ValueFact.of(site.type(2), Shape.UNRANKED);
    }
    if (depth.isPresent() && depth.get() < 0) {
      throw site.fault("depth: " + depth.get() + " (expected: >= 0)");
    }
    int axis = site.axisWithin(site.node().intAttribute("axis", -1), indices.rank() + 1);
    List<Dim> dims = new ArrayList<>(indices.shape().dims());
    dims.add(axis, depth.map(Dim::of).orElse(Dim.UNKNOWN));
    return ValueFact.of(site.type(2), dims);
  }

  /** Input [N, C, spatial...], grid [N, places..., axes]: output [N, C, places...]. */
  private static ValueFact sampled(NodeSite site) {
    ValueFact in = site.in(0);
    ValueFact grid = site.in(1);
    if (!in.ranked() || !grid.ranked()) {
      return ValueFact.of(in.type(), Shape.UNRANKED);
    }
    site.requireRankAtLeast(0, 3);
    site.requireRank(1, in.rank());
    List<Dim> dims = new ArrayList<>(in.shape().dims().subList(0, 2));
    dims.addAll(grid.shape().dims().subList(1, grid.rank() - 1));
    return ValueFact.of(in.type(), dims);
  }
}
