package org.distill4j.quantize.ptq;

import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.graph.Graph;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Grid;
import org.distill4j.quantize.prepare.ActivationPass;

/**
 * AdaRound: each weight learns whether it is rounded down or up, layer by layer, so that the
 * layer's sums stay what they were:
 *
 * <pre>
 * {@code W~ = s clip(floor(W / s) + h(V), low, high)    h(V) = clip(1.2 sigmoid(V) - 0.1, 0, 1)
 * min over V of E ||W x - W~ x~||^2 + lambda sum (1 - |2 h(V) - 1|^beta)}</pre>
 *
 * <p>x is what the layer takes in the float model, x~ in the one whose layers before it are
 * integers already. The first term depends on the examples by two matrices alone, {@code E[x~ x~']}
 * and {@code E[x x~']}, so that a step costs the same however many there were. beta goes from 20 to
 * 2 along a cosine after a fifth of the steps, which have no second term. Left to the nearest
 * integer: layers of more than 2,048 inputs a channel, whose matrices are too large.
 *
 * @see <a href="https://arxiv.org/abs/2004.10568">Nagel et al., 2020</a>
 */
final class AdaptiveRounding {
  private static final long EXAMPLES = 128;
  private static final int MOST_INPUTS = 2048;

  private AdaptiveRounding() {}

  /**
   * Rounds all layers.
   *
   * @param exact the float model
   */
  static IntegerDraft of(
      IntegerDraft draft, Graph exact, ActivationPass examples, ProgressListener listener) {
    ActivationPass few = examples.atMost(EXAMPLES);
    IntegerDraft rounded = draft;
    listener.begin("rounding", draft.layers().size(), "layers");
    int done = 0;
    int left = 0;
    for (LinearLayer layer : draft.layers()) {
      int inputs = layer.weights().toFloats().length / layer.outputs();
      if (inputs > MOST_INPUTS || !LayerInputs.suits(layer)) {
        listener.note(
            layer.node()
                + ": rounds to the nearest (expected: a dense layer or a convolution of "
                + "images with at most "
                + MOST_INPUTS
                + " inputs a channel; it has "
                + inputs
                + ")");
        left++;
      } else {
        LayerInputs seen = LayerInputs.of(layer, exact, rounded.write(), few);
        rounded = rounded.withRounded(layer.node().name(), integers(layer, draft, seen));
      }
      listener.advance(++done, Map.of());
    }
    listener.end(done - left + " of " + done + " layers");
    return rounded;
  }

  private static int[] integers(LinearLayer layer, IntegerDraft draft, LayerInputs seen) {
    float inputScale = draft.grids().get(layer.node().input(0)).scale();
    Grid[] grids = WeightGrids.of(layer, draft.form(), inputScale);
    float[] weights = layer.weights().toFloats();
    int[][] positions = LayerInputs.positions(layer);
    int[] integers = new int[weights.length];
    IntStream.range(0, layer.outputs())
        .parallel()
        .forEach(
            o -> {
              int[] row = positions[o];
              double[] scaled = new double[row.length];
              for (int k = 0; k < row.length; k++) {
                scaled[k] = weights[row[k]] / grids[o].scale();
              }
              int group = o / (layer.outputs() / layer.groups());
              int[] chosen =
                  new RoundingRow(scaled, grids[o], seen.own(group), seen.cross(group)).solve();
              for (int k = 0; k < row.length; k++) {
                integers[row[k]] = chosen[k];
              }
            });
    return integers;
  }
}
