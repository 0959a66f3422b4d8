package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Convolutions: input [N, C, spatial...], weights [M, C / group, kernel...]. */
final class ConvolutionShapeRules {
  private ConvolutionShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Conv", ShapeRule.one(site -> conv(site, 0, 1, 2, site.type(0))));
    rules.put("ConvInteger", ShapeRule.one(site -> conv(site, 0, 1, -1, DType.INT32)));
    rules.put(
        "QLinearConv",
        ShapeRule.one(site -> conv(site, 0, 3, 8, site.has(7) ? site.type(7) : site.type(0))));
    rules.put("ConvTranspose", ShapeRule.one(ConvolutionShapeRules::transposed));
    rules.put("DeformConv", ShapeRule.one(site -> conv(site, 0, 1, 3, site.type(0))));
  }

  private static ValueFact conv(NodeSite site, int x, int w, int bias, DType type) {
    ValueFact input = site.in(x);
    ValueFact weights = site.in(w);
    if (site.node().op().equals("Conv")) {
      site.requireOneType(0);
    }
    if (!weights.ranked()) {
      return ValueFact.of(type, input.ranked() ? unknown(site, input.shape()) : Shape.UNRANKED);
    }
    int rank = requireRanks(site, input, weights);
    long group = group(site);
    Dim filters = weights.dim(0);
    SymbolicExtent channels = SymbolicExtent.of(weights.dim(1)).times(SymbolicExtent.of(group));
    if (input.ranked() && ValueFact.differ(input.dim(1), channels.dim())) {
      throw site.fault(
          "input "
              + input.shape()
              + " has "
              + input.dim(1)
              + " channels (expected: "
              + channels.dim()
              + " for weights "
              + weights.shape()
              + " and group "
              + group
              + ")");
    }
    if (filters.isKnown() && filters.size() % group != 0) {
      throw site.fault(
          "weights " + weights.shape() + " (expected: filters that group " + group + " divides)");
    }
    site.requireVector(bias, filters, "bias");
    List<Dim> dims = new ArrayList<>();
    dims.add(input.ranked() ? input.dim(0) : Dim.UNKNOWN);
    dims.add(filters);
    long[] kernel = kernel(site, weights);
    List<Window> windows = kernel == null ? null : Window.of(site.node(), kernel);
    for (int i = 0; i < rank - 2; i++) {
      boolean known = windows != null && input.ranked();
      dims.add(known ? output(site, windows.get(i), i, input.dim(i + 2)) : Dim.UNKNOWN);
    }
    return ValueFact.of(type, dims);
  }

  /** Batch and rank of an input whose other extents are about to change. */
  static Shape unknown(NodeSite site, Shape input) {
    return ConstantShapeRules.unknown(site, input.rank()).with(0, input.dim(0));
  }

  private static int requireRanks(NodeSite site, ValueFact input, ValueFact weights) {
    int rank = weights.rank();
    if (rank < 3) {
      throw site.fault("weights " + weights.shape() + " (expected: rank at least 3)");
    }
    if (input.ranked() && input.rank() != rank) {
      throw site.fault(
          "input "
              + input.shape()
              + " (expected: rank "
              + rank
              + " for weights "
              + weights.shape()
              + ")");
    }
    return rank;
  }

  private static long group(NodeSite site) {
    long group = site.node().intAttribute("group", 1);
    if (group < 1) {
      throw site.fault("group: " + group + " (expected: >= 1)");
    }
    return group;
  }

  private static long[] kernel(NodeSite site, ValueFact weights) {
    Optional<long[]> given = site.node().optionalInts("kernel_shape");
    List<Dim> extents = weights.shape().dims().subList(2, weights.rank());
    if (!extents.stream().allMatch(Dim::isKnown)) {
      return given.filter(k -> k.length == extents.size()).orElse(null);
    }
    long[] kernel = extents.stream().mapToLong(Dim::size).toArray();
    if (given.isPresent() && !Arrays.equals(given.get(), kernel)) {
      throw site.fault(
          "kernel_shape: "
              + Arrays.toString(given.get())
              + " (expected: "
              + Arrays.toString(kernel)
              + " as weights "
              + weights.shape()
              + ")");
    }
    return kernel;
  }

  /** How many windows fit; a symbol survives where the extent does not change. */
  static Dim output(NodeSite site, Window window, int axis, Dim input) {
    if (!input.isKnown()) {
      boolean unchanged =
          window.stride() == 1
              && (window.mode() != Window.Mode.EXPLICIT
                  || window.begin() + window.end() + 1 == window.span());
      return unchanged ? input : Dim.UNKNOWN;
    }
    long output = window.output(input.size());
    if (output < 1) {
      throw site.fault(
          "kernel spans "
              + window.span()
              + " on spatial axis "
              + axis
              + " (expected: at most "
              + (input.size() + window.begin() + window.end())
              + ", the padded input "
              + site.in(0).shape()
              + ")");
    }
    return Dim.of(output);
  }

  /** Weights are [C, M / group, kernel...]; the output is what a Conv would need as input. */
  private static ValueFact transposed(NodeSite site) {
    ValueFact input = site.in(0);
    ValueFact weights = site.in(1);
    site.requireOneType(0);
    if (!weights.ranked()) {
      return ValueFact.of(
          site.type(0), input.ranked() ? unknown(site, input.shape()) : Shape.UNRANKED);
    }
    int rank = requireRanks(site, input, weights);
    if (input.ranked() && ValueFact.differ(input.dim(1), weights.dim(0))) {
      throw site.fault(
          "input "
              + input.shape()
              + " has "
              + input.dim(1)
              + " channels (expected: "
              + weights.dim(0)
              + " for weights "
              + weights.shape()
              + ")");
    }
    Dim filters = SymbolicExtent.of(weights.dim(1)).times(SymbolicExtent.of(group(site))).dim();
    site.requireVector(2, filters, "bias");
    List<Dim> dims = new ArrayList<>();
    dims.add(input.ranked() ? input.dim(0) : Dim.UNKNOWN);
    dims.add(filters);
    Optional<long[]> sizes = site.node().optionalInts("output_shape");
    long[] kernel = kernel(site, weights);
    List<Window> windows = kernel == null ? null : Window.of(site.node(), kernel);
    long[] extra = site.node().intsAttribute("output_padding", new long[rank - 2]);
    if (extra.length != rank - 2 || (sizes.isPresent() && sizes.get().length < rank - 2)) {
      throw site.fault(
          "output_padding or output_shape (expected: " + (rank - 2) + " numbers each)");
    }
    for (int i = 0; i < rank - 2; i++) {
      Dim in = input.ranked() ? input.dim(i + 2) : Dim.UNKNOWN;
      if (sizes.isPresent()) {
        long[] given = sizes.get(); // some exporters write batch and channels, too
        dims.add(Dim.of(given[given.length - (rank - 2) + i]));
      } else if (windows == null) {
        dims.add(Dim.UNKNOWN);
      } else {
        dims.add(enlarged(site, windows.get(i), i, in, extra[i]));
      }
    }
    return ValueFact.of(site.type(0), dims);
  }

  private static Dim enlarged(NodeSite site, Window window, int axis, Dim input, long extra) {
    SymbolicExtent strided = SymbolicExtent.of(input).times(SymbolicExtent.of(window.stride()));
    if (window.mode() != Window.Mode.EXPLICIT) {
      // As much padding as makes it input * stride, but never a negative one.
      return strided.plus(SymbolicExtent.of(Math.min(0, window.span() - window.stride()))).dim();
    }
    long fixed = window.span() - window.stride() + extra - window.begin() - window.end();
    SymbolicExtent output = strided.plus(SymbolicExtent.of(fixed));
    if (output.isNumber() && output.factor() < 1) {
      throw site.fault(
          "pads leave "
              + output.factor()
              + " elements on spatial axis "
              + axis
              + " of "
              + site.in(0).shape()
              + " (expected: at least 1)");
    }
    return output.dim();
  }
}
