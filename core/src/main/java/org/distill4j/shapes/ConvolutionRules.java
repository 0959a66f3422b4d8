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
final class ConvolutionRules {
  private ConvolutionRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("Conv", Rule.one(call -> conv(call, 0, 1, 2, call.type(0))));
    rules.put("ConvInteger", Rule.one(call -> conv(call, 0, 1, -1, DType.INT32)));
    rules.put(
        "QLinearConv",
        Rule.one(call -> conv(call, 0, 3, 8, call.has(7) ? call.type(7) : call.type(0))));
    rules.put("ConvTranspose", Rule.one(ConvolutionRules::transposed));
    rules.put("DeformConv", Rule.one(call -> conv(call, 0, 1, 3, call.type(0))));
  }

  private static Fact conv(Call call, int x, int w, int bias, DType type) {
    Fact input = call.in(x);
    Fact weights = call.in(w);
    if (call.node().op().equals("Conv")) {
      call.requireOneType(0);
    }
    if (!weights.ranked()) {
      return Fact.of(type, input.ranked() ? unknown(call, input.shape()) : Shape.UNRANKED);
    }
    int rank = requireRanks(call, input, weights);
    long group = group(call);
    Dim filters = weights.dim(0);
    Extent channels = Extent.of(weights.dim(1)).times(Extent.of(group));
    if (input.ranked() && Call.differ(input.dim(1), channels.dim())) {
      throw call.fault(
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
      throw call.fault(
          "weights " + weights.shape() + " (expected: filters that group " + group + " divides)");
    }
    call.requireVector(bias, filters, "bias");
    List<Dim> dims = new ArrayList<>();
    dims.add(input.ranked() ? input.dim(0) : Dim.UNKNOWN);
    dims.add(filters);
    long[] kernel = kernel(call, weights);
    List<Window> windows = kernel == null ? null : Window.of(call.node(), kernel);
    for (int i = 0; i < rank - 2; i++) {
      boolean known = windows != null && input.ranked();
      dims.add(known ? output(call, windows.get(i), i, input.dim(i + 2)) : Dim.UNKNOWN);
    }
    return Fact.of(type, dims);
  }

  /** Batch and rank of an input whose other extents are about to change. */
  static Shape unknown(Call call, Shape input) {
    return ConstantRules.unknown(call, input.rank()).with(0, input.dim(0));
  }

  private static int requireRanks(Call call, Fact input, Fact weights) {
    int rank = weights.rank();
    if (rank < 3) {
      throw call.fault("weights " + weights.shape() + " (expected: rank at least 3)");
    }
    if (input.ranked() && input.rank() != rank) {
      throw call.fault(
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

  private static long group(Call call) {
    long group = call.node().intAttribute("group", 1);
    if (group < 1) {
      throw call.fault("group: " + group + " (expected: >= 1)");
    }
    return group;
  }

  private static long[] kernel(Call call, Fact weights) {
    Optional<long[]> given = call.node().optionalInts("kernel_shape");
    List<Dim> extents = weights.shape().dims().subList(2, weights.rank());
    if (!extents.stream().allMatch(Dim::isKnown)) {
      return given.filter(k -> k.length == extents.size()).orElse(null);
    }
    long[] kernel = extents.stream().mapToLong(Dim::size).toArray();
    if (given.isPresent() && !Arrays.equals(given.get(), kernel)) {
      throw call.fault(
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
  static Dim output(Call call, Window window, int axis, Dim input) {
    if (!input.isKnown()) {
      boolean unchanged =
          window.stride() == 1
              && (window.mode() != Window.Mode.EXPLICIT
                  || window.begin() + window.end() + 1 == window.span());
      return unchanged ? input : Dim.UNKNOWN;
    }
    long output = window.output(input.size());
    if (output < 1) {
      throw call.fault(
          "kernel spans "
              + window.span()
              + " on spatial axis "
              + axis
              + " (expected: at most "
              + (input.size() + window.begin() + window.end())
              + ", the padded input "
              + call.shape(0)
              + ")");
    }
    return Dim.of(output);
  }

  /** Weights are [C, M / group, kernel...]; the output is what a Conv would need as input. */
  private static Fact transposed(Call call) {
    Fact input = call.in(0);
    Fact weights = call.in(1);
    call.requireOneType(0);
    if (!weights.ranked()) {
      return Fact.of(call.type(0), input.ranked() ? unknown(call, input.shape()) : Shape.UNRANKED);
    }
    int rank = requireRanks(call, input, weights);
    if (input.ranked() && Call.differ(input.dim(1), weights.dim(0))) {
      throw call.fault(
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
    Dim filters = Extent.of(weights.dim(1)).times(Extent.of(group(call))).dim();
    call.requireVector(2, filters, "bias");
    List<Dim> dims = new ArrayList<>();
    dims.add(input.ranked() ? input.dim(0) : Dim.UNKNOWN);
    dims.add(filters);
    Optional<long[]> sizes = call.node().optionalInts("output_shape");
    long[] kernel = kernel(call, weights);
    List<Window> windows = kernel == null ? null : Window.of(call.node(), kernel);
    long[] extra = call.node().intsAttribute("output_padding", new long[rank - 2]);
    if (extra.length != rank - 2 || (sizes.isPresent() && sizes.get().length < rank - 2)) {
      throw call.fault(
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
        dims.add(enlarged(call, windows.get(i), i, in, extra[i]));
      }
    }
    return Fact.of(call.type(0), dims);
  }

  private static Dim enlarged(Call call, Window window, int axis, Dim input, long extra) {
    Extent strided = Extent.of(input).times(Extent.of(window.stride()));
    if (window.mode() != Window.Mode.EXPLICIT) {
      // As much padding as makes it input * stride, but never a negative one.
      return strided.plus(Extent.of(Math.min(0, window.span() - window.stride()))).dim();
    }
    long fixed = window.span() - window.stride() + extra - window.begin() - window.end();
    Extent output = strided.plus(Extent.of(fixed));
    if (output.isNumber() && output.factor() < 1) {
      throw call.fault(
          "pads leave "
              + output.factor()
              + " elements on spatial axis "
              + axis
              + " of "
              + call.shape(0)
              + " (expected: at least 1)");
    }
    return output.dim();
  }
}
