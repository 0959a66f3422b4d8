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
final class PoolRules {
  private PoolRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("MaxPool", PoolRules::pool);
    rules.put("AveragePool", PoolRules::pool);
    rules.put("LpPool", PoolRules::pool);
    rules.put("GlobalAveragePool", Rule.one(PoolRules::global));
    rules.put("GlobalMaxPool", Rule.one(PoolRules::global));
    rules.put("GlobalLpPool", Rule.one(PoolRules::global));
    rules.put("MaxUnpool", Rule.one(PoolRules::unpool));
    rules.put("RoiAlign", Rule.one(PoolRules::regions));
    rules.put("MaxRoiPool", Rule.one(PoolRules::pooledRegions));
  }

  private static List<Fact> pool(Call call) {
    long[] kernel =
        call.node()
            .optionalInts("kernel_shape")
            .orElseThrow(() -> call.fault("attribute 'kernel_shape' is missing"));
    Fact input = call.in(0);
    List<Window> windows = Window.of(call.node(), kernel);
    call.requireRank(0, kernel.length + 2);
    windows.forEach(w -> requirePads(call, w));
    List<Dim> dims = new ArrayList<>(Collections.nCopies(kernel.length + 2, Dim.UNKNOWN));
    if (input.ranked()) {
      dims.set(0, input.dim(0));
      dims.set(1, input.dim(1));
      for (int i = 0; i < kernel.length; i++) {
        dims.set(i + 2, ConvolutionRules.output(call, windows.get(i), i, input.dim(i + 2)));
      }
    }
    return List.of(Fact.of(call.type(0), dims), Fact.of(DType.INT64, dims));
  }

  /** A window that lies in the padding alone has nothing to pool. */
  private static void requirePads(Call call, Window window) {
    if (window.begin() >= window.span() || window.end() >= window.span()) {
      throw call.fault(
          "pads: "
              + window.begin()
              + " and "
              + window.end()
              + " (expected: each smaller than the kernel's span "
              + window.span()
              + ")");
    }
  }

  private static Fact global(Call call) {
    call.requireRankAtLeast(0, 2);
    if (!call.in(0).ranked()) {
      return ElementwiseRules.same(call);
    }
    Shape shape = call.shape(0);
    for (int i = 2; i < shape.rank(); i++) {
      shape = shape.with(i, Dim.of(1));
    }
    return Fact.of(call.type(0), shape);
  }

  private static Fact unpool(Call call) {
    if (call.has(2)) {
      return Fact.of(call.type(0), ConstantRules.target(call, 2));
    }
    long[] kernel = call.node().intsAttribute("kernel_shape");
    call.requireRank(0, kernel.length + 2);
    if (!call.in(0).ranked()) {
      return ElementwiseRules.same(call);
    }
    List<Window> windows = Window.of(call.node(), kernel);
    Shape shape = call.shape(0);
    for (int i = 0; i < kernel.length; i++) {
      Window window = windows.get(i);
      long fixed = window.kernel() - window.stride() - window.begin() - window.end();
      Extent size =
          Extent.of(shape.dim(i + 2)).times(Extent.of(window.stride())).plus(Extent.of(fixed));
      shape = shape.with(i + 2, size.dim());
    }
    return Fact.of(call.type(0), shape);
  }

  /** Input [N, C, H, W], regions [R, 4]: output [R, C, height, width]. */
  private static Fact regions(Call call) {
    call.requireRank(0, 4);
    call.requireRank(1, 2);
    long height = call.node().intAttribute("output_height", 1);
    long width = call.node().intAttribute("output_width", 1);
    return Fact.of(call.type(0), regionDims(call, height, width));
  }

  /** Input [N, C, H, W], regions [R, 5]: output [R, C, height, width]. */
  private static Fact pooledRegions(Call call) {
    call.requireRank(0, 4);
    call.requireRank(1, 2);
    long[] pooled = call.node().intsAttribute("pooled_shape");
    if (pooled.length != 2) {
      throw call.fault("pooled_shape: " + Arrays.toString(pooled) + " (expected: 2 numbers)");
    }
    return Fact.of(call.type(0), regionDims(call, pooled[0], pooled[1]));
  }

  private static List<Dim> regionDims(Call call, long height, long width) {
    Dim regions = call.in(1).ranked() ? call.in(1).dim(0) : Dim.UNKNOWN;
    Dim channels = call.in(0).ranked() ? call.in(0).dim(1) : Dim.UNKNOWN;
    return List.of(regions, channels, Dim.of(height), Dim.of(width));
  }
}
