package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators that grow or shrink extents: Pad, Tile, Expand, Resize. */
final class ResizingShapeRules {
  private ResizingShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Pad", ShapeRule.one(ResizingShapeRules::pad));
    rules.put("Tile", ShapeRule.one(ResizingShapeRules::tile));
    rules.put("Expand", ShapeRule.one(ResizingShapeRules::expand));
    rules.put("Resize", ShapeRule.one(ResizingShapeRules::resize));
    rules.put("CenterCropPad", ShapeRule.one(ResizingShapeRules::centered));
  }

  /** The axes named by an input or by the attribute; all if there is none; null if unknown. */
  private static int[] axes(NodeSite site, Optional<long[]> named, int rank) {
    if (named.isEmpty()) {
      int[] all = new int[rank];
      Arrays.setAll(all, i -> i);
      return all;
    }
    return Arrays.stream(named.get()).mapToInt(a -> site.axisWithin(a, rank)).toArray();
  }

  private static ValueFact pad(NodeSite site) {
    ValueFact in = site.in(0);
    site.in(1);
    Optional<long[]> pads = site.numbers(1);
    Optional<long[]> named = site.numbers(3);
    if (!in.ranked()) {
      return in;
    }
    if (pads.isEmpty() || (site.has(3) && named.isEmpty())) {
      return ValueFact.of(in.type(), ConstantShapeRules.unknown(site, in.rank()));
    }
    int[] axes = axes(site, named, in.rank());
    if (pads.get().length != 2 * axes.length) {
      throw site.fault(
          "pads: "
              + Arrays.toString(pads.get())
              + " (expected: "
              + 2 * axes.length
              + " numbers for input "
              + in.shape()
              + ")");
    }
    Shape shape = in.shape();
    for (int i = 0; i < axes.length; i++) {
      long more = Math.addExact(pads.get()[i], pads.get()[i + axes.length]);
      SymbolicExtent extent = SymbolicExtent.of(shape.dim(axes[i])).plus(SymbolicExtent.of(more));
      if (extent.isNegative()) {
        throw site.fault(
            "pads: "
                + Arrays.toString(pads.get())
                + " cut more than there is of "
                + in.shape()
                + " (expected: an extent >= 0 on axis "
                + axes[i]
                + ")");
      }
      shape = shape.with(axes[i], extent.dim());
    }
    return ValueFact.of(in.type(), shape);
  }

  private static ValueFact tile(NodeSite site) {
    ValueFact in = site.in(0);
    site.requireRank(1, 1);
    if (!in.ranked()) {
      return in;
    }
    List<SymbolicExtent> repeats = site.in(1).elements();
    if (repeats == null) {
      return ValueFact.of(in.type(), ConstantShapeRules.unknown(site, in.rank()));
    }
    boolean fits =
        repeats.size() == in.rank() && repeats.stream().noneMatch(SymbolicExtent::isNegative);
    if (!fits) {
      throw site.fault(
          repeats.size() + " repeats (expected: " + in.rank() + " numbers >= 0 for " + in + ")");
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < in.rank(); i++) {
      dims.add(SymbolicExtent.of(in.dim(i)).times(repeats.get(i)).dim());
    }
    return ValueFact.of(in.type(), dims);
  }

  private static ValueFact expand(NodeSite site) {
    site.requireRank(1, 1);
    Shape target = ConstantShapeRules.target(site, 1);
    return ValueFact.of(site.type(0), Broadcast.of(site, site.in(0).shape(), target));
  }

  /** Inputs: the array, a region of interest, scales or sizes. */
  private static ValueFact resize(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return in;
    }
    int[] axes = axes(site, site.node().optionalInts("axes"), in.rank());
    boolean sized = site.has(3) && !isEmpty(site.in(3));
    if (sized && site.in(3).elements() != null) {
      return ValueFact.of(in.type(), resized(site, axes, site.in(3).elements()));
    }
    Optional<double[]> scales = site.constant(2);
    if (sized || scales.isEmpty()) {
      Shape shape = in.shape();
      for (int axis : axes) {
        shape = shape.with(axis, Dim.UNKNOWN);
      }
      return ValueFact.of(in.type(), shape);
    }
    requireCount(site, "scales", scales.get().length, axes.length);
    Shape shape = in.shape();
    for (int i = 0; i < axes.length; i++) {
      shape = shape.with(axes[i], scaled(site, axes[i], shape.dim(axes[i]), scales.get()[i]));
    }
    return ValueFact.of(in.type(), shape);
  }

  private static Dim scaled(NodeSite site, int axis, Dim dim, double scale) {
    if (!(scale > 0)) {
      throw site.fault("scale: " + scale + " (expected: > 0)");
    }
    if (scale == 1) {
      return dim;
    }
    if (!dim.isKnown()) {
      return scale == Math.rint(scale)
          ? SymbolicExtent.of(dim).times(SymbolicExtent.of((long) scale)).dim()
          : Dim.UNKNOWN;
    }
    // Runtimes multiply in float32: three times 0.33333334f is 1.
    float share = (float) (scale * regionOfInterest(site, axis));
    double size = Math.floor(dim.size() * share);
    if (!(size < Long.MAX_VALUE)) {
      throw new ArithmeticException();
    }
    return Dim.of((long) size);
  }

  /** The share of an axis that tf_crop_and_resize looks at, end - start; otherwise all of it. */
  private static double regionOfInterest(NodeSite site, int axis) {
    String mode = site.node().textAttribute("coordinate_transformation_mode", "half_pixel");
    double[] roi = site.constant(1).orElse(new double[0]);
    int half = roi.length / 2;
    boolean cropped = mode.equals("tf_crop_and_resize") && axis < half;
    return cropped ? roi[axis + half] - roi[axis] : 1;
  }

  private static boolean isEmpty(ValueFact fact) {
    return fact.ranked() && fact.shape().isStatic() && fact.shape().elements() == 0;
  }

  private static void requireCount(NodeSite site, String what, int count, int expected) {
    if (count != expected) {
      throw site.fault(
          what + ": " + count + " numbers (expected: " + expected + " for " + site.in(0) + ")");
    }
  }

  private static Shape resized(NodeSite site, int[] axes, List<SymbolicExtent> sizes) {
    requireCount(site, "sizes", sizes.size(), axes.length);
    Shape shape = site.in(0).shape();
    String policy = site.node().textAttribute("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch")) {
      for (int i = 0; i < axes.length; i++) {
        shape = shape.with(axes[i], sizes.get(i).dim());
      }
      return shape;
    }
    boolean larger = policy.equals("not_smaller");
    double scale = larger ? 0 : Double.MAX_VALUE;
    for (int i = 0; i < axes.length; i++) {
      if (!shape.dim(axes[i]).isKnown() || !sizes.get(i).isNumber()) {
        scale = Double.NaN;
        break;
      }
      double ratio = (double) sizes.get(i).factor() / shape.size(axes[i]);
      scale = larger ? Math.max(scale, ratio) : Math.min(scale, ratio);
    }
    for (int axis : axes) {
      Dim dim = Double.isFinite(scale) ? Dim.of(Math.round(scale * shape.size(axis))) : Dim.UNKNOWN;
      shape = shape.with(axis, dim);
    }
    return shape;
  }

  private static ValueFact centered(NodeSite site) {
    ValueFact in = site.in(0);
    if (!in.ranked()) {
      return in;
    }
    int[] axes = axes(site, site.node().optionalInts("axes"), in.rank());
    List<SymbolicExtent> sizes = site.in(1).elements();
    Shape shape = in.shape();
    for (int i = 0; i < axes.length; i++) {
      shape = shape.with(axes[i], sizes == null ? Dim.UNKNOWN : sizes.get(i).dim());
    }
    return ValueFact.of(in.type(), shape);
  }
}
