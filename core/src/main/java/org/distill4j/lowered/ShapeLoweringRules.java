package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** What moves, joins and cuts values. */
final class ShapeLoweringRules {
  private ShapeLoweringRules() {}

  static LoweredValue reshape(NodeSite site, LoweredGraphDraft draft) {
    Shape out = draft.heldShape(site.outShape(), Layout.ONNX);
    if (draft.out(site) == Layout.FLAT_CHANNELS_LAST) {
      return draft.reshape(draft.in(site, 0, Layout.CHANNELS_LAST), out);
    }
    LoweredValue x = draft.in(site, 0, Layout.ONNX);
    return draft.reshape(x, out);
  }

  static LoweredValue transpose(NodeSite site, LoweredGraphDraft draft) {
    int[] order = Axes.permutation(site);
    int rank = order.length;
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, rank).toArray())) {
      throw site.fault("perm: " + Arrays.toString(order) + " (expected: a permutation)");
    }
    if (draft.out(site) == Layout.CHANNELS_LAST) {
      return draft.in(site, 0, Layout.ONNX);
    }
    boolean last = draft.plan().of(site, 0) == Layout.CHANNELS_LAST;
    LoweredValue x = draft.in(site, 0, last ? Layout.CHANNELS_LAST : Layout.ONNX);
    if (last) {
      int[] held = Axes.toFirst(rank);
      order = Arrays.stream(order).map(axis -> held[axis]).toArray();
    }
    if (Arrays.equals(order, sorted)) {
      return x;
    }
    List<Dim> dims = Arrays.stream(order).mapToObj(x.shape()::dim).toList();
    List<Integer> axes = Arrays.stream(order).boxed().toList();
    return draft.inherit(x, draft.emit(new LoweredOperator.Transpose(axes), Shape.of(dims), x));
  }

  static LoweredValue concat(NodeSite site, LoweredGraphDraft draft) {
    Layout layout = draft.out(site);
    List<LoweredValue> parts = new ArrayList<>();
    for (int i = 0; i < site.node().inputs().size(); i++) {
      parts.add(draft.in(site, i, layout));
    }
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int axis = site.axis(0, site.node().intAttribute("axis", 0));
    int held = Axes.held(layout, site.shape(0).rank(), axis);
    Shape out = draft.heldShape(site.outShape(), layout);
    return draft.emit(new LoweredOperator.Concat(held), out, parts.toArray(new LoweredValue[0]));
  }

  static LoweredValue slice(NodeSite site, LoweredGraphDraft draft) {
    Layout layout = draft.out(site);
    SliceBounds.Held held = SliceBounds.of(site).held(site, layout);
    LoweredValue x = draft.in(site, 0, layout);
    for (int axis = 0; axis < held.step().length; axis++) {
      if (held.step()[axis] < 0 && held.end()[axis] < -x.shape().rank() * (1 << 20)) {
        throw site.fault("a negative step to the beginning (expected: an end inside the value)");
      }
    }
    LoweredOperator cut =
        new LoweredOperator.StridedSlice(
            list(held.begin()), list(held.end()), list(held.step()), held.whole());
    return draft.inherit(x, draft.emit(cut, draft.heldShape(site.outShape(), layout), x));
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  static LoweredValue pad(NodeSite site, LoweredGraphDraft draft) {
    String mode = site.node().textAttribute("mode", "constant");
    long[][] pads = Pads.of(site);
    if (!List.of("constant", "reflect").contains(mode)) {
      throw site.fault("mode: " + mode + " (expected: constant or reflect)");
    }
    Layout layout = draft.out(site);
    int rank = pads.length;
    List<List<Integer>> held = new ArrayList<>();
    IntStream.range(0, rank).forEach(i -> held.add(List.of(0, 0)));
    for (int axis = 0; axis < rank; axis++) {
      if (pads[axis][0] < 0 || pads[axis][1] < 0) {
        throw site.fault("a negative pad (expected: >= 0); cut with a Slice");
      }
      held.set(Axes.held(layout, rank, axis), List.of((int) pads[axis][0], (int) pads[axis][1]));
    }
    LoweredValue x = draft.in(site, 0, layout);
    double value = site.number(2, "constant_value").orElse(0.0);
    Shape out = draft.heldShape(site.outShape(), layout);
    LoweredOperator operation =
        mode.equals("reflect")
            ? new LoweredOperator.Mirror(held)
            : new LoweredOperator.Pad(held, (float) value);
    LoweredValue padded = draft.emit(operation, out, x);
    boolean hasIt = mode.equals("reflect") || x.scaling().filter(s -> s.says(value)).isPresent();
    return hasIt ? draft.inherit(x, padded) : padded;
  }

  /** One slice for each output. */
  static LoweredValue split(NodeSite site, LoweredGraphDraft draft) {
    Layout layout = draft.out(site);
    int axis = site.axis(0, site.node().intAttribute("axis", 0));
    LoweredValue x = draft.in(site, 0, layout);
    int rank = x.shape().rank();
    int held = Axes.held(layout, rank, axis);
    int at = 0;
    LoweredValue first = null;
    for (String output : site.node().outputs()) {
      Shape part = draft.heldShape(site.known().shape(output), layout);
      int[] begin = new int[rank];
      int[] end = new int[rank];
      int[] step = new int[rank];
      Arrays.fill(step, 1);
      begin[held] = at;
      at += (int) part.size(held);
      end[held] = at;
      long whole = ((1L << rank) - 1) & ~(1L << held);
      LoweredOperator cut =
          new LoweredOperator.StridedSlice(list(begin), list(end), list(step), whole);
      LoweredValue y = draft.inherit(x, draft.emit(cut, part, x));
      if (first == null) {
        first = y;
        draft.put(output, y);
        first = draft.value(output, layout);
      } else {
        draft.put(output, y);
      }
    }
    return first;
  }

  static LoweringRule softmax(LoweredOperator.Unary kind) {
    return (site, draft) -> {
      Layout layout = draft.out(site);
      LoweredValue x = draft.in(site, 0, layout);
      int rank = x.shape().rank();
      int axis = site.axis(0, site.node().intAttribute("axis", -1));
      int held = Axes.held(layout, rank, axis);
      if (held == rank - 1) {
        return LoweringArithmetic.unary(draft, kind, x);
      }
      int[] swap = IntStream.range(0, rank).toArray();
      swap[held] = rank - 1;
      swap[rank - 1] = held;
      Shape turned = Shape.of(Arrays.stream(swap).mapToObj(x.shape()::dim).toList());
      LoweredOperator turn = new LoweredOperator.Transpose(list(swap));
      LoweredValue last = draft.emit(turn, "turned", turned, x.type(), x);
      return draft.emit(turn, x.shape(), LoweringArithmetic.unary(draft, kind, last));
    };
  }

  static LoweringRule reduce(LoweredOperator.Reduction kind) {
    return (site, draft) -> {
      boolean last = draft.plan().of(site, 0) == Layout.CHANNELS_LAST;
      int rank = site.shape(0).rank();
      long[] given = site.integers(1, "axes").orElse(new long[0]);
      boolean keep = site.node().intAttribute("keepdims", 1) != 0;
      int[] gone = Arrays.stream(given).mapToInt(axis -> site.axis(0, axis)).toArray();
      Layout layout = Axes.reduced(last, rank, gone, keep);
      LoweredValue x = draft.in(site, 0, layout);
      if (given.length == 0 && site.node().intAttribute("noop_with_empty_axes", 0) != 0) {
        return x;
      }
      List<Integer> axes =
          given.length == 0
              ? IntStream.range(0, rank).boxed().toList()
              : Arrays.stream(given)
                  .mapToObj(axis -> Axes.held(layout, rank, site.axis(0, axis)))
                  .sorted()
                  .toList();
      Shape out = draft.heldShape(site.outShape(), draft.out(site));
      return draft.emit(new LoweredOperator.Reduce(kind, axes, keep), out, x);
    };
  }

  static LoweredValue gather(NodeSite site, LoweredGraphDraft draft) {
    int axis = site.axis(0, site.node().intAttribute("axis", 0));
    Layout layout = draft.out(site);
    LoweredValue table = draft.in(site, 0, layout);
    LoweredValue index = draft.in(site, 1, Layout.ONNX);
    if (index.isConstant()
        && Arrays.stream(index.constant().orElseThrow().toLongs()).anyMatch(i -> i < 0)) {
      throw site.fault("a negative index (expected: >= 0)");
    }
    Shape out = draft.heldShape(site.outShape(), layout);
    int held = Axes.held(layout, site.shape(0).rank(), axis);
    return draft.emit(new LoweredOperator.Gather(held), "step", out, table.type(), table, index);
  }

  static LoweredValue argMax(NodeSite site, LoweredGraphDraft draft) {
    int axis = site.axis(0, site.node().intAttribute("axis", 0));
    LoweredValue x = draft.in(site, 0, Layout.ONNX);
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.remove(axis);
    org.distill4j.tensor.DType to = org.distill4j.tensor.DType.INT64;
    LoweredValue index =
        draft.emit(new LoweredOperator.ArgMax(axis), "step", Shape.of(dims), to, x);
    return draft.reshape(index, draft.heldShape(site.outShape(), Layout.ONNX));
  }

  static LoweredValue blocks(NodeSite site, LoweredGraphDraft draft) {
    boolean toSpace = site.node().op().equals("DepthToSpace");
    if (toSpace && !site.node().textAttribute("mode", "DCR").equals("DCR")) {
      throw site.fault("mode: CRD (expected: DCR)");
    }
    int size = Math.toIntExact(site.node().intAttribute("blocksize", 1));
    LoweredValue x = draft.in(site, 0, Layout.CHANNELS_LAST);
    Shape out = draft.heldShape(site.outShape(), Layout.CHANNELS_LAST);
    return draft.emit(new LoweredOperator.Blocks(size, toSpace), out, x);
  }

  static LoweredValue resize(NodeSite site, LoweredGraphDraft draft) {
    String mode = site.node().textAttribute("mode", "nearest");
    String at = site.node().textAttribute("coordinate_transformation_mode", "half_pixel");
    LoweredValue x = draft.in(site, 0, Layout.CHANNELS_LAST);
    Shape out = draft.heldShape(site.outShape(), Layout.CHANNELS_LAST);
    boolean linear = mode.equals("linear");
    boolean known =
        linear
            ? List.of("half_pixel", "align_corners", "asymmetric").contains(at)
            : mode.equals("nearest") && isPlainNearest(site, at);
    requireWholeScale(site, at);
    boolean sameEnds = out.rank() == 4 && out.dim(3).equals(x.shape().dim(3));
    if (!known || !sameEnds) {
      throw site.fault(
          "mode "
              + mode
              + " at "
              + at
              + " (expected: linear at half_pixel, align_corners or asymmetric, or nearest at"
              + " asymmetric with floor, over rows and columns)");
    }
    return draft.emit(
        new LoweredOperator.Resize(
            (int) out.size(1),
            (int) out.size(2),
            linear,
            at.equals("align_corners"),
            linear && at.equals("half_pixel")),
        out,
        x);
  }

  /**
   * Where a scale makes no whole number of elements, ONNX looks at {@code i / scale}, the formats
   * at {@code i in / out}.
   */
  private static void requireWholeScale(NodeSite site, String at) {
    boolean sized = site.has(3) && site.shape(3).elements() > 0;
    if (sized || !site.has(2) || at.equals("align_corners")) {
      return;
    }
    double[] scales =
        site.known()
            .constant(site.node().input(2))
            .orElseThrow(() -> site.fault("computes its scales (expected: constants)"))
            .toDoubles();
    int rank = site.shape(0).rank();
    long[] axes =
        site.node()
            .optionalInts("axes")
            .orElseGet(() -> IntStream.range(0, rank).asLongStream().toArray());
    for (int i = 0; i < scales.length; i++) {
      int axis = site.axis(0, axes[i]);
      double wanted = site.size(0, axis) * scales[i];
      if (scales[i] != 1 && Math.abs(site.outShape().size(axis) - wanted) > 1e-4) {
        throw site.fault(
            "scale "
                + (float) scales[i]
                + " of "
                + site.size(0, axis)
                + " elements (expected: a whole number of them); give sizes instead");
      }
    }
  }

  private static boolean isPlainNearest(NodeSite site, String at) {
    String rounding = site.node().textAttribute("nearest_mode", "round_prefer_floor");
    return (at.equals("asymmetric") && rounding.equals("floor")) || isWholeUpscale(site, at);
  }

  /** Where each element is repeated a whole number of times, all roundings agree. */
  private static boolean isWholeUpscale(NodeSite site, String at) {
    Shape in = site.shape(0);
    Shape out = site.outShape();
    boolean whole = at.equals("half_pixel") || at.equals("asymmetric");
    String rounding = site.node().textAttribute("nearest_mode", "round_prefer_floor");
    whole &= at.equals("half_pixel") ? rounding.startsWith("round") : rounding.equals("floor");
    for (int axis = 2; axis < in.rank(); axis++) {
      whole &= out.size(axis) % in.size(axis) == 0;
    }
    return whole;
  }

  /** {@code (x - mean) / sqrt(var + epsilon) scale + bias} over the last axes. */
  static LoweredValue layerNorm(NodeSite site, LoweredGraphDraft draft) {
    LoweredValue x = draft.in(site, 0, Layout.ONNX);
    int rank = x.shape().rank();
    int axis = site.axis(0, site.node().intAttribute("axis", -1));
    List<Integer> axes = IntStream.range(axis, rank).boxed().toList();
    Shape kept = x.shape();
    for (int i : axes) {
      kept = kept.with(i, Dim.of(1));
    }
    LoweredOperator mean = new LoweredOperator.Reduce(LoweredOperator.Reduction.MEAN, axes, true);
    LoweredValue middle = draft.emit(mean, kept, x);
    LoweredValue centred = LoweringArithmetic.binary(draft, LoweredOperator.Binary.SUB, x, middle);
    LoweredValue squares = LoweringArithmetic.unary(draft, LoweredOperator.Unary.SQUARE, centred);
    double epsilon = site.node().floatAttribute("epsilon", 1e-5f);
    LoweredValue variance =
        LoweringArithmetic.binary(
            draft, LoweredOperator.Binary.ADD, draft.emit(mean, kept, squares), epsilon);
    LoweredValue scale = LoweringArithmetic.unary(draft, LoweredOperator.Unary.RSQRT, variance);
    LoweredValue normal =
        LoweringArithmetic.binary(draft, LoweredOperator.Binary.MUL, centred, scale);
    LoweredValue y =
        LoweringArithmetic.binary(
            draft, LoweredOperator.Binary.MUL, normal, draft.in(site, 1, Layout.ONNX));
    return site.node().hasInput(2)
        ? LoweringArithmetic.binary(
            draft, LoweredOperator.Binary.ADD, y, draft.in(site, 2, Layout.ONNX))
        : y;
  }
}
