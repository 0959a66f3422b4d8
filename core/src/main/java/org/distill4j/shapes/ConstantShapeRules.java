package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Operators that make arrays from settings, sizes or shapes. */
final class ConstantShapeRules {
  private ConstantShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Constant", ShapeRule.one(ConstantShapeRules::constant));
    rules.put("ConstantOfShape", ShapeRule.one(ConstantShapeRules::constantOfShape));
    rules.put("Shape", ShapeRule.one(ConstantShapeRules::shape));
    rules.put("Size", ShapeRule.one(ConstantShapeRules::size));
    rules.put("Range", ShapeRule.one(ConstantShapeRules::range));
    rules.put("EyeLike", ShapeRule.one(ConstantShapeRules::eye));
    rules.put("RandomNormal", ShapeRule.one(ConstantShapeRules::random));
    rules.put("RandomUniform", ShapeRule.one(ConstantShapeRules::random));
  }

  private static ValueFact constant(NodeSite site) {
    for (Map.Entry<String, Attribute> entry : site.node().attributes().entrySet()) {
      Attribute value = entry.getValue();
      if (!entry.getKey().startsWith("value")) {
        continue;
      }
      if (value instanceof Attribute.Array a) {
        return ValueFact.of(a.value());
      } else if (value instanceof Attribute.Int a) {
        return ValueFact.of(DType.INT64, Shape.SCALAR)
            .withElements(List.of(SymbolicExtent.of(a.value())));
      } else if (value instanceof Attribute.Ints a) {
        return ValueFact.ofLongs(a.values().stream().map(SymbolicExtent::of).toList());
      } else if (value instanceof Attribute.Real) {
        return ValueFact.of(DType.FLOAT32, Shape.SCALAR);
      } else if (value instanceof Attribute.Reals a) {
        return ValueFact.of(DType.FLOAT32, Shape.of(a.values().size()));
      }
    }
    return ValueFact.UNKNOWN;
  }

  private static ValueFact constantOfShape(NodeSite site) {
    HostTensor value =
        site.node().attributes().get("value") instanceof Attribute.Array a
            ? a.value()
            : HostTensor.scalar(0);
    site.requireRank(0, 1);
    ValueFact fact = ValueFact.of(value.type(), target(site, 0));
    if (value.type().isFloating() || value.elements() != 1 || !fact.shape().isStatic()) {
      return fact;
    }
    long elements = fact.shape().elements();
    return elements > ValueFact.MOST_ELEMENTS
        ? fact
        : fact.withElements(
            Collections.nCopies((int) elements, SymbolicExtent.of(value.toLongs()[0])));
  }

  /** The shape whose extents an input of integers holds, as far as they are known. */
  static Shape target(NodeSite site, int i) {
    ValueFact sizes = site.in(i);
    if (sizes.elements() != null) {
      List<Dim> dims = new ArrayList<>();
      for (SymbolicExtent extent : sizes.elements()) {
        if (extent.isNegative()) {
          throw site.fault("extent " + extent.factor() + " (expected: >= 0)");
        }
        dims.add(extent.dim());
      }
      return Shape.of(dims);
    }
    boolean counted = sizes.ranked() && sizes.rank() == 1 && sizes.dim(0).isKnown();
    return counted ? unknown(site, sizes.dim(0).size()) : Shape.UNRANKED;
  }

  /** A shape of unknown extents; a rank beyond any sense is left unranked. */
  static Shape unknown(NodeSite site, long rank) {
    if (rank > 64) {
      throw site.fault("rank: " + rank + " (expected: at most 64)");
    }
    return Shape.of(Collections.nCopies((int) rank, Dim.UNKNOWN));
  }

  private static ValueFact shape(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return ValueFact.of(DType.INT64, List.of(Dim.UNKNOWN));
    }
    int start = clamp(site.node().intAttribute("start", 0), in.rank());
    int end = clamp(site.node().intAttribute("end", in.rank()), in.rank());
    List<Dim> dims = in.shape().dims().subList(start, Math.max(start, end));
    return ValueFact.ofLongs(dims.stream().map(SymbolicExtent::of).toList());
  }

  private static int clamp(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }

  private static ValueFact size(NodeSite site) {
    ValueFact size = ValueFact.of(DType.INT64, Shape.SCALAR);
    return site.in(0).ranked()
        ? size.withElements(List.of(SymbolicExtent.product(site.in(0).shape().dims())))
        : size;
  }

  private static ValueFact range(NodeSite site) {
    Optional<double[]> start = number(site, 0);
    Optional<double[]> limit = number(site, 1);
    Optional<double[]> delta = number(site, 2);
    DType type = site.type(0);
    if (start.isEmpty() || limit.isEmpty() || delta.isEmpty()) {
      return ValueFact.of(type, List.of(Dim.UNKNOWN));
    }
    double step = delta.get()[0];
    if (step == 0) {
      throw site.fault("step: 0 (expected: not 0)");
    }
    double from = start.get()[0];
    long n = (long) Math.max(0, Math.ceil((limit.get()[0] - from) / step));
    ValueFact fact = ValueFact.of(type, Shape.of(n));
    if (type == null || type.isFloating() || n > ValueFact.MOST_ELEMENTS) {
      return fact;
    }
    List<SymbolicExtent> elements = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      elements.add(SymbolicExtent.of((long) from + i * (long) step));
    }
    return fact.withElements(elements);
  }

  private static Optional<double[]> number(NodeSite site, int i) {
    Optional<double[]> found =
        site.numbers(i).map(n -> new double[] {n.length == 1 ? n[0] : Double.NaN});
    return (found.isPresent() ? found : site.constant(i))
        .filter(v -> v.length == 1 && Double.isFinite(v[0]));
  }

  private static ValueFact eye(NodeSite site) {
    site.requireRank(0, 2);
    return ValueFact.of(dtype(site, site.type(0)), site.in(0).shape());
  }

  private static ValueFact random(NodeSite site) {
    return ValueFact.of(dtype(site, DType.FLOAT32), Shape.of(site.node().intsAttribute("shape")));
  }

  private static DType dtype(NodeSite site, DType otherwise) {
    long code = site.node().intAttribute("dtype", 0);
    return code == 0 ? otherwise : OnnxTypeCode.type(code).orElse(null);
  }
}
