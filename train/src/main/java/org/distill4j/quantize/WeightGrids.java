package org.distill4j.quantize;

import java.util.Arrays;
import org.distill4j.passes.Weighted;

/** A symmetric grid for each output channel of a layer; all the same where they share one. */
final class WeightGrids {
  private WeightGrids() {}

  static Grid[] of(Weighted layer, IntegerForm form) {
    float[] weights = layer.weights().toFloats();
    double[] magnitudes = new double[layer.outputs()];
    for (int i = 0; i < weights.length; i++) {
      int channel = layer.outputOf(i);
      magnitudes[channel] = Math.max(magnitudes[channel], Math.abs(weights[i]));
    }
    boolean isShared = !form.densePerChannel() && !layer.node().op().equals("Conv");
    if (isShared) {
      Arrays.fill(magnitudes, Arrays.stream(magnitudes).max().orElse(0));
    }
    Grid[] grids = new Grid[magnitudes.length];
    for (int c = 0; c < grids.length; c++) {
      grids[c] = Grid.symmetric(magnitudes[c], form.weightBits());
    }
    return grids;
  }

  /** The integer next to each weight. */
  static int[] nearest(Weighted layer, Grid... channels) {
    float[] weights = layer.weights().toFloats();
    int[] integers = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      integers[i] = channels[layer.outputOf(i)].integer(weights[i]);
    }
    return integers;
  }
}
