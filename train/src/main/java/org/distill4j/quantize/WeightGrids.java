package org.distill4j.quantize;

import org.distill4j.passes.Weighted;

/** One symmetric grid for each output channel of a layer. */
final class WeightGrids {
  private WeightGrids() {}

  static Grid[] of(Weighted layer, int bits) {
    float[] weights = layer.weights().toFloats();
    double[] magnitudes = new double[layer.outputs()];
    for (int i = 0; i < weights.length; i++) {
      int channel = layer.outputOf(i);
      magnitudes[channel] = Math.max(magnitudes[channel], Math.abs(weights[i]));
    }
    Grid[] grids = new Grid[magnitudes.length];
    for (int c = 0; c < grids.length; c++) {
      grids[c] = Grid.symmetric(magnitudes[c], bits);
    }
    return grids;
  }
}
