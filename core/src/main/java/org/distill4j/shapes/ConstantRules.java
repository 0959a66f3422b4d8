package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.TypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Operators that make arrays from settings, sizes or shapes. */
final class ConstantRules {
  private ConstantRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("Constant", Rule.one(ConstantRules::constant));
    rules.put("ConstantOfShape", Rule.one(ConstantRules::constantOfShape));
    rules.put("Shape", Rule.one(ConstantRules::shape));
    rules.put("Size", Rule.one(ConstantRules::size));
    rules.put("Range", Rule.one(ConstantRules::range));
    rules.put("EyeLike", Rule.one(ConstantRules::eye));
    rules.put("RandomNormal", Rule.one(ConstantRules::random));
    rules.put("RandomUniform", Rule.one(ConstantRules::random));
  }

  private static Fact constant(NodeSite site) {
    for (Map.Entry<String, Attribute> entry : site.node().attributes().entrySet()) {
      Attribute value = entry.getValue();
      if (!entry.getKey().startsWith("value")) {
        continue;
      }
      if (value instanceof Attribute.Array a) {
        return Fact.of(a.value());
      } else if (value instanceof Attribute.Int a) {
        return Fact.of(DType.INT64, Shape.SCALAR).withElements(List.of(Extent.of(a.value())));
      } else if (value instanceof Attribute.Ints a) {
        return Fact.ofLongs(a.values().stream().map(Extent::of).toList());
      } else if (value instanceof Attribute.Real) {
        return Fact.of(DType.FLOAT32, Shape.SCALAR);
      } else if (value instanceof Attribute.Reals a) {
        return Fact.of(DType.FLOAT32, Shape.of(a.values().size()));
      }
    }
    return Fact.UNKNOWN;
  }

  private static Fact constantOfShape(NodeSite site) {
    HostTensor value =
        site.node().attributes().get("value") instanceof Attribute.Array a
            ? a.value()
            : HostTensor.scalar(0);
    site.requireRank(0, 1);
    Fact fact = Fact.of(value.type(), target(site, 0));
    if (value.type().isFloating() || value.elements() != 1 || !fact.shape().isStatic()) {
      return fact;
    }
    long elements = fact.shape().elements();
    return elements > Fact.MOST_ELEMENTS
        ? fact
        : fact.withElements(Collections.nCopies((int) elements, Extent.of(value.toLongs()[0])));
  }

  /** The shape whose extents an input of integers holds, as far as they are known. */
  static Shape target(NodeSite site, int i) {
    Fact sizes = site.in(i);
    if (sizes.elements() != null) {
      List<Dim> dims = new ArrayList<>();
      for (Extent extent : sizes.elements()) {
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

  private static Fact shape(NodeSite site) {
    Fact in = site.in(0);
    if (!in.ranked()) {
      return Fact.of(DType.INT64, List.of(Dim.UNKNOWN));
    }
    int start = clamp(site.node().intAttribute("start", 0), in.rank());
    int end = clamp(site.node().intAttribute("end", in.rank()), in.rank());
    List<Dim> dims = in.shape().dims().subList(start, Math.max(start, end));
    return Fact.ofLongs(dims.stream().map(Extent::of).toList());
  }

  private static int clamp(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }

  private static Fact size(NodeSite site) {
    Fact size = Fact.of(DType.INT64, Shape.SCALAR);
    return site.in(0).ranked()
        ? size.withElements(List.of(Extent.product(site.in(0).shape().dims())))
        : size;
  }

  private static Fact range(NodeSite site) {
    Optional<double[]> start = number(site, 0);
    Optional<double[]> limit = number(site, 1);
    Optional<double[]> delta = number(site, 2);
    DType type = site.type(0);
    if (start.isEmpty() || limit.isEmpty() || delta.isEmpty()) {
      return Fact.of(type, List.of(Dim.UNKNOWN));
    }
    double step = delta.get()[0];
    if (step == 0) {
      throw site.fault("step: 0 (expected: not 0)");
    }
    double from = start.get()[0];
    long n = (long) Math.max(0, Math.ceil((limit.get()[0] - from) / step));
    Fact fact = Fact.of(type, Shape.of(n));
    if (type == null || type.isFloating() || n > Fact.MOST_ELEMENTS) {
      return fact;
    }
    List<Extent> elements = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      elements.add(Extent.of((long) from + i * (long) step));
    }
    return fact.withElements(elements);
  }

  private static Optional<double[]> number(NodeSite site, int i) {
    Optional<double[]> found =
        site.numbers(i).map(n -> new double[] {n.length == 1 ? n[0] : Double.NaN});
    return (found.isPresent() ? found : site.constant(i))
        .filter(v -> v.length == 1 && Double.isFinite(v[0]));
  }

  private static Fact eye(NodeSite site) {
    site.requireRank(0, 2);
    return Fact.of(dtype(site, site.type(0)), site.in(0).shape());
  }

  private static Fact random(NodeSite site) {
    return Fact.of(dtype(site, DType.FLOAT32), Shape.of(site.node().intsAttribute("shape")));
  }

  private static DType dtype(NodeSite site, DType otherwise) {
    long code = site.node().intAttribute("dtype", 0);
    return code == 0 ? otherwise : TypeCode.type(code).orElse(null);
  }
}
