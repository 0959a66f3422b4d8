package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** How shapes are stretched to each other: aligned at the last axis, an extent of 1 repeats. */
final class Broadcast {
  private Broadcast() {}

  /** The common shape of all inputs of a site. */
  static Shape all(NodeSite site) {
    Shape common = site.in(0).shape();
    for (int i = 1; i < site.inputs().size(); i++) {
      common = of(site, common, site.in(i).shape());
    }
    return common;
  }

  /** The common shape of two. */
  static Shape of(NodeSite site, Shape a, Shape b) {
    if (!a.isRanked() || !b.isRanked()) {
      return Shape.UNRANKED;
    }
    int rank = Math.max(a.rank(), b.rank());
    Dim[] dims = new Dim[rank];
    for (int i = 1; i <= rank; i++) {
      Dim x = i <= a.rank() ? a.dim(a.rank() - i) : Dim.of(1);
      Dim y = i <= b.rank() ? b.dim(b.rank() - i) : Dim.of(1);
      if (ValueFact.differ(x, y) && x.size() != 1 && y.size() != 1) {
        throw site.fault(
            a + " and " + b + " (expected: extents that are equal or 1 from the last axis on)");
      }
      dims[rank - i] = common(x, y);
    }
    return Shape.of(Arrays.asList(dims));
  }

  private static Dim common(Dim x, Dim y) {
    if (x.equals(y) || (y.isKnown() && y.size() == 1)) {
      return x;
    }
    if (x.isKnown() && x.size() == 1) {
      return y;
    }
    if (x.isKnown() || y.isKnown()) {
      return x.isKnown() ? x : y; // the symbol can only stand for the same number or for 1
    }
    return Dim.UNKNOWN;
  }

  /** Refuses a shape that does not stretch to a given one without changing it. */
  static void requireTo(NodeSite site, Shape from, Shape to, String what) {
    if (!from.isRanked() || !to.isRanked()) {
      return;
    }
    boolean fits = from.rank() <= to.rank();
    for (int i = 1; fits && i <= from.rank(); i++) {
      Dim dim = from.dim(from.rank() - i);
      fits = !ValueFact.differ(dim, to.dim(to.rank() - i)) || dim.size() == 1;
    }
    if (!fits) {
      throw site.fault(what + " " + from + " (expected: a shape that stretches to " + to + ")");
    }
  }

  /** The elements of an element-wise operator, or null if they are not followed. */
  static List<SymbolicExtent> elements(
      NodeSite site, Shape to, Function<List<SymbolicExtent>, SymbolicExtent> operator) {
    if (!to.isStatic() || to.elements() > ValueFact.MOST_ELEMENTS) {
      return null;
    }
    if (site.inputs().stream().anyMatch(f -> f == null || f.elements() == null)) {
      return null;
    }
    List<SymbolicExtent> elements = new ArrayList<>();
    for (int i = 0; i < to.elements(); i++) {
      List<SymbolicExtent> operands = new ArrayList<>();
      for (ValueFact fact : site.inputs()) {
        operands.add(fact.elements().get(source(i, to.sizes(), fact.shape().sizes())));
      }
      elements.add(operator.apply(operands));
    }
    return elements;
  }

  /** Which element of a stretched array lies under a position. */
  private static int source(int position, long[] to, long[] from) {
    int index = 0;
    int stride = 1;
    long rest = position;
    for (int i = 1; i <= from.length; i++) {
      long size = to[to.length - i];
      long coordinate = rest % size;
      rest /= size;
      long extent = from[from.length - i];
      index += (int) (extent == 1 ? 0 : coordinate * stride);
      stride *= (int) extent;
    }
    return index;
  }
}
