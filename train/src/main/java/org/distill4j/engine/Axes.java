package org.distill4j.engine;

/** Where the axes of a value stand. */
final class Axes {
  private Axes() {}

  /** Where an axis of ONNX stands in a value of that rank. */
  static int held(Layout layout, int rank, int axis) {
    return layout == Layout.CHANNELS_LAST ? Conversion.toFirst(rank)[axis] : axis;
  }

  /** The order in which an operator that knows both keeps its input: a flattened map is undone. */
  static Layout kept(NodeSite site, LayoutPlan plan) {
    return plan.of(site, 0) == Layout.CHANNELS_LAST ? Layout.CHANNELS_LAST : Layout.ONNX;
  }
}
