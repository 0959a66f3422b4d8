package org.distill4j.lowered;

import org.distill4j.shapes.NodeSite;

/** A BatchNormalization with its statistics as one product and one sum per channel. */
final class Norm {
  private final double[] factor;
  private final double[] offset;

  private Norm(double[] factor, double[] offset) {
    this.factor = factor;
    this.offset = offset;
  }

  /** {@code scale / sqrt(var + epsilon)}. */
  double[] factor() {
    return factor.clone();
  }

  /** {@code bias - mean factor}. */
  double[] offset() {
    return offset.clone();
  }

  /** Reads a node whose parameters are constants. */
  static Norm of(NodeSite site) {
    double[] scale = constant(site, 1);
    double[] bias = constant(site, 2);
    double[] mean = constant(site, 3);
    double[] variance = constant(site, 4);
    double epsilon = site.node().floatAttribute("epsilon", 1e-5f);
    double[] factor = new double[scale.length];
    double[] offset = new double[scale.length];
    for (int c = 0; c < scale.length; c++) {
      factor[c] = scale[c] / Math.sqrt(variance[c] + epsilon);
      offset[c] = bias[c] - mean[c] * factor[c];
    }
    return new Norm(factor, offset);
  }

  private static double[] constant(NodeSite site, int input) {
    return site.known()
        .constant(site.node().input(input))
        .orElseThrow(
            () ->
                site.fault("'" + site.node().input(input) + "' is computed (expected: a constant)"))
        .toDoubles();
  }
}
