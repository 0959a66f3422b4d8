package org.distill4j.quantize.ptq;

import java.util.Arrays;
import org.distill4j.passes.LinearLayer;
import org.distill4j.quantize.observe.Grid;

/** A symmetric grid for each output channel of a layer; all the same where they share one. */
final class WeightGrids {
  /** The largest integer of a bias: half of what int32 holds, the rest is for the products. */
  private static final double MOST_BIAS = 1 << 30;

  private WeightGrids() {}

  /** For weights alone: sums of their products are scaled before a bias is added. */
  static Grid[] of(LinearLayer layer, QuantizationScheme form) {
    return of(layer, form, new double[layer.outputs()]);
  }

  /**
   * For weights whose products are summed with the bias as int32: no channel's step is so small
   * that its bias would not fit, however small its weights are. A channel of zeros has the step
   * that serves its bias.
   *
   * @param inputScale of what the layer takes
   */
  static Grid[] of(LinearLayer layer, QuantizationScheme form, float inputScale) {
    double[] least = new double[layer.outputs()];
    if (layer.bias().isPresent()) {
      float[] biases = layer.biases();
      int high = (1 << (form.weightBits() - 1)) - 1;
      for (int c = 0; c < least.length; c++) {
        least[c] = high * (Math.abs(biases[c]) / MOST_BIAS / inputScale);
      }
    }
    return of(layer, form, least);
  }

  private static Grid[] of(LinearLayer layer, QuantizationScheme form, double... magnitudes) {
    float[] weights = layer.weights().toFloats();
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
  static int[] nearest(LinearLayer layer, Grid... channels) {
    float[] weights = layer.weights().toFloats();
    int[] integers = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      integers[i] = channels[layer.outputOf(i)].integer(weights[i]);
    }
    return integers;
  }
}
