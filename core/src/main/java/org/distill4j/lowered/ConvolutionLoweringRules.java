package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.LoweredOperator.Motion;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Conv and the normalization of channels. */
final class ConvolutionLoweringRules {
  private ConvolutionLoweringRules() {}

  static LoweredValue conv(NodeSite site, LoweredGraphDraft draft) {
    long[] kernel = site.shape(1).sizes();
    long[] extents = new long[kernel.length - 2];
    System.arraycopy(kernel, 2, extents, 0, extents.length);
    KernelPlacement sliding = KernelPlacement.of(site, extents);
    requireKnown(site, sliding);
    LoweredValue x = Maps.padded(draft, sliding, Maps.planar(site, draft), 0);
    LoweredValue kernels = draft.weights(site, 1);
    LoweredValue bias = bias(site, draft, kernel[0]);
    Shape out = Maps.planarOut(site, draft);
    Motion motion = Maps.motion(sliding);
    if (sliding.isDilated() && sliding.isStrided()) {
      throw site.fault("strides and dilations together (expected: one of them)");
    }
    long group = WeightLayoutRules.group(site);
    LoweredValue y;
    if (group == 1 || WeightLayoutRules.isDepthwise(site)) {
      boolean depthwise = group > 1;
      int multiplier = depthwise ? (int) kernels.shape().size(3) : 0;
      if (depthwise && !sliding.hasEqualStrides()) {
        throw site.fault("depthwise with unequal strides (expected: equal ones)");
      }
      LoweredOperator operation = new LoweredOperator.Convolution(motion, multiplier, Fused.NONE);
      y = draft.emit(operation, out, x, kernels, bias);
    } else {
      y = grouped(draft, new Grouped(x, kernels, bias, motion, (int) group), out);
    }
    return Maps.linear(site, draft, y);
  }

  /** A convolution whose channels see only those of their group. */
  private record Grouped(
      LoweredValue x, LoweredValue kernels, LoweredValue bias, Motion motion, int groups) {}

  /** No format's runtimes all know groups: each is convolved by itself. */
  private static LoweredValue grouped(LoweredGraphDraft draft, Grouped g, Shape out) {
    List<LoweredValue> parts = new ArrayList<>();
    int in = (int) g.x().shape().size(3) / g.groups();
    int each = (int) out.size(3) / g.groups();
    HostTensor kernels = g.kernels().constant().orElseThrow();
    HostTensor bias = g.bias().constant().orElseThrow();
    for (int i = 0; i < g.groups(); i++) {
      Shape seen = g.x().shape().with(3, Dim.of(in));
      LoweredValue x =
          draft.emit(
              new LoweredOperator.StridedSlice(
                  List.of(0, 0, 0, i * in),
                  List.of(0, 0, 0, (i + 1) * in),
                  List.of(1, 1, 1, 1),
                  0b0111),
              seen,
              g.x());
      LoweredValue k =
          draft.constant(g.kernels().name() + ".group", Maps.columns(kernels, i, each));
      LoweredValue b = draft.constant(g.bias().name() + ".group", Maps.columns(bias, i, each));
      LoweredOperator operation = new LoweredOperator.Convolution(g.motion(), 0, Fused.NONE);
      parts.add(draft.emit(operation, out.with(3, Dim.of(each)), x, k, b));
    }
    return draft.emit(new LoweredOperator.Concat(3), out, parts.toArray(new LoweredValue[0]));
  }

  private static void requireKnown(NodeSite site, KernelPlacement sliding) {
    if (!sliding.isKnown()) {
      throw site.fault(
          "input "
              + site.shape(0)
              + " (expected: numbers behind the batch); fix the shape, as with --shape"
              + " NAME=1,3,240,320");
    }
  }

  private static LoweredValue bias(NodeSite site, LoweredGraphDraft draft, long channels) {
    return site.node().hasInput(2)
        ? draft.weights(site, 2)
        : draft.constant(
            "no_bias", HostTensor.ofFloats(Shape.of(channels), new float[(int) channels]));
  }

  /** {@code x scale / sqrt(var + epsilon) + (bias - mean scale / sqrt(var + epsilon))}. */
  static LoweredValue batchNorm(NodeSite site, LoweredGraphDraft draft) {
    int rank = site.shape(0).rank();
    if (rank < 2 || rank > 4) {
      throw site.fault("input " + site.shape(0) + " (expected: rank 2 to 4)");
    }
    Norm norm = Norm.of(site);
    LoweredValue x = draft.in(site, 0, draft.out(site));
    Shape row = Shape.of(norm.factor().length);
    LoweredValue factor = draft.constant("factor", HostTensor.ofFloats(row, floats(norm.factor())));
    LoweredValue offset = draft.constant("offset", HostTensor.ofFloats(row, floats(norm.offset())));
    LoweredValue scaled =
        draft.emit(
            new LoweredOperator.Arithmetic(LoweredOperator.Binary.MUL, Fused.NONE),
            "scaled",
            x.shape(),
            DType.FLOAT32,
            x,
            factor);
    return draft.emit(
        new LoweredOperator.Arithmetic(LoweredOperator.Binary.ADD, Fused.NONE),
        x.shape(),
        scaled,
        offset);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static LoweredValue maxPool(NodeSite site, LoweredGraphDraft draft) {
    KernelPlacement sliding = KernelPlacement.of(site, site.node().intsAttribute("kernel_shape"));
    requireKnown(site, sliding);
    requireDense(site, sliding);
    LoweredValue x = Maps.padded(draft, sliding, Maps.planar(site, draft), -Float.MAX_VALUE);
    LoweredOperator pool = new LoweredOperator.Pool(Maps.motion(sliding), true, Fused.NONE);
    return Maps.linear(site, draft, draft.emit(pool, Maps.planarOut(site, draft), x));
  }

  static LoweredValue averagePool(NodeSite site, LoweredGraphDraft draft) {
    KernelPlacement sliding = KernelPlacement.of(site, site.node().intsAttribute("kernel_shape"));
    requireKnown(site, sliding);
    requireDense(site, sliding);
    boolean includesPads = site.node().intAttribute("count_include_pad", 0) != 0;
    Shape out = Maps.planarOut(site, draft);
    Motion motion = Maps.motion(sliding);
    if (sliding.isValid() || (sliding.isSame() && !includesPads)) {
      LoweredOperator pool = new LoweredOperator.Pool(motion, false, Fused.NONE);
      return Maps.linear(site, draft, draft.emit(pool, out, Maps.planar(site, draft)));
    }
    LoweredValue x = Maps.paddedFully(draft, sliding, Maps.planar(site, draft), 0);
    Motion valid = Maps.withoutPadding(motion);
    LoweredValue mean =
        draft.emit(new LoweredOperator.Pool(valid, false, Fused.NONE), "mean", out, x.type(), x);
    LoweredValue weights = draft.constant("weights", Maps.counts(sliding, includesPads));
    LoweredOperator mul = new LoweredOperator.Arithmetic(LoweredOperator.Binary.MUL, Fused.NONE);
    return Maps.linear(site, draft, draft.emit(mul, out, mean, weights));
  }

  private static void requireDense(NodeSite site, KernelPlacement sliding) {
    if (sliding.isDilated()) {
      throw site.fault("dilations (expected: none); no format here has dilated pools");
    }
  }

  static LoweredValue globalPool(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, Layout.CHANNELS_LAST);
    int rank = x.shape().rank();
    if (rank != 3 && rank != 4) {
      throw site.fault("input " + site.shape(0) + " (expected: rank 3 or 4)");
    }
    LoweredOperator.Reduction kind =
        site.node().op().equals("GlobalMaxPool")
            ? LoweredOperator.Reduction.MAX
            : LoweredOperator.Reduction.MEAN;
    List<Integer> axes = rank == 3 ? List.of(1) : List.of(1, 2);
    Shape out = draft.heldShape(site.outShape(), Layout.CHANNELS_LAST);
    return draft.emit(new LoweredOperator.Reduce(kind, axes, true), out, x);
  }
}
