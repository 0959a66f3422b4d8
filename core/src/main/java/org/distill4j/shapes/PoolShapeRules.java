package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Pools: [N, C, spatial...] to [N, C, fewer...]. */
final class PoolShapeRules {
  private PoolShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("MaxPool", PoolShapeRules::pool);
    rules.put("AveragePool", PoolShapeRules::pool);
    rules.put("LpPool", PoolShapeRules::pool);
    rules.put("GlobalAveragePool", ShapeRule.one(PoolShapeRules::global));
    rules.put("GlobalMaxPool", ShapeRule.one(PoolShapeRules::global));
    rules.put("GlobalLpPool", ShapeRule.one(PoolShapeRules::global));
    rules.put("MaxUnpool", ShapeRule.one(PoolShapeRules::unpool));
    rules.put("RoiAlign", ShapeRule.one(PoolShapeRules::regions));
    rules.put("MaxRoiPool", ShapeRule.one(PoolShapeRules::pooledRegions));
  }

  private static List<ValueFact> pool(NodeSite site) {
    long[] kernel =
        site.node()
            .optionalInts("kernel_shape")
            .orElseThrow(() -> site.fault("attribute 'kernel_shape' is missing"));
    ValueFact input = site.in(0);
    List<Window> windows = Window.of(site.node(), kernel);
    site.requireRank(0, kernel.length + 2);
    windows.forEach(w -> requirePads(site, w));
    List<Dim> dims = new ArrayList<>(Collections.nCopies(kernel.length + 2, Dim.UNKNOWN));
    if (input.ranked()) {
      dims.set(0, input.dim(0));
      dims.set(1, input.dim(1));
      for (int i = 0; i < kernel.length; i++) {
        dims.set(i + 2, ConvolutionShapeRules.output(site, windows.get(i), i, input.dim(i + 2)));
      }
    }
    return List.of(ValueFact.of(site.type(0), dims), ValueFact.of(DType.INT64, dims));
  }

  /** A window that lies in the padding alone has nothing to pool. */
  private static void requirePads(NodeSite site, Window window) {
    if (window.begin() >= window.span() || window.end() >= window.span()) {
      throw site.fault(
          "pads: "
              + window.begin()
              + " and "
              + window.end()
              + " (expected: each smaller than the kernel's span "
              + window.span()
              + ")");
    }
  }

  private static ValueFact global(NodeSite site) {
    site.requireRankAtLeast(0, 2);
    if (!site.in(0).ranked()) {
      return ElementwiseShapeRules.same(site);
    }
    Shape shape = site.in(0).shape();
    for (int i = 2; i < shape.rank(); i++) {
      shape = shape.with(i, Dim.of(1));
    }
    return ValueFact.of(site.type(0), shape);
  }

  private static ValueFact unpool(NodeSite site) {
    if (site.has(2)) {
      return ValueFact.of(site.type(0), ConstantShapeRules.target(site, 2));
    }
    long[] kernel = site.node().intsAttribute("kernel_shape");
    site.requireRank(0, kernel.length + 2);
    if (!site.in(0).ranked()) {
      return ElementwiseShapeRules.same(site);
    }
    List<Window> windows = Window.of(site.node(), kernel);
    Shape shape = site.in(0).shape();
    for (int i = 0; i < kernel.length; i++) {
      Window window = windows.get(i);
      long fixed = window.kernel() - window.stride() - window.begin() - window.end();
      SymbolicExtent size =
          SymbolicExtent.of(shape.dim(i + 2))
              .times(SymbolicExtent.of(window.stride()))
              .plus(SymbolicExtent.of(fixed));
      shape = shape.with(i + 2, size.dim());
    }
    return ValueFact.of(site.type(0), shape);
  }

  /** Input [N, C, H, W], regions [R, 4]: output [R, C, height, width]. */
  private static ValueFact regions(NodeSite site) {
    site.requireRank(0, 4);
    site.requireRank(1, 2);
    long height = site.node().intAttribute("output_height", 1);
    long width = site.node().intAttribute("output_width", 1);
    return ValueFact.of(site.type(0), regionDims(site, height, width));
  }

  /** Input [N, C, H, W], regions [R, 5]: output [R, C, height, width]. */
  private static ValueFact pooledRegions(NodeSite site) {
    site.requireRank(0, 4);
    site.requireRank(1, 2);
    long[] pooled = site.node().intsAttribute("pooled_shape");
    if (pooled.length != 2) {
      throw site.fault("pooled_shape: " + Arrays.toString(pooled) + " (expected: 2 numbers)");
    }
    return ValueFact.of(site.type(0), regionDims(site, pooled[0], pooled[1]));
  }

  private static List<Dim> regionDims(NodeSite site, long height, long width) {
    Dim regions = site.in(1).ranked() ? site.in(1).dim(0) : Dim.UNKNOWN;
    Dim channels = site.in(0).ranked() ? site.in(0).dim(1) : Dim.UNKNOWN;
    return List.of(regions, channels, Dim.of(height), Dim.of(width));
  }
}
