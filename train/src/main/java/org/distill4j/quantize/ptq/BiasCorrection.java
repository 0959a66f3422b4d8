package org.distill4j.quantize.ptq;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.prepare.ActivationPass;
import org.distill4j.quantize.prepare.ChannelMoments;

/**
 * Takes back what rounding moves a layer's mean by: layer by layer, those before it being integers
 * and corrected already,
 *
 * <pre>{@code b += mean over examples and positions of (y_float - y_integers)}</pre>
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al., 2019, section 4.2</a>
 */
final class BiasCorrection {
  private static final long EXAMPLES = 64; // each gives many positions; every layer runs them anew

  private BiasCorrection() {}

  /**
   * Corrects all layers that have or can have a bias; a MatMul has none.
   *
   * @param exact the float model
   */
  static IntegerDraft of(
      IntegerDraft draft, Graph exact, ActivationPass examples, ProgressListener listener) {
    ActivationPass few = examples.atMost(EXAMPLES);
    Map<String, Integer> axes = new LinkedHashMap<>();
    for (LinearLayer layer : draft.layers()) {
      if (!layer.node().op().equals("MatMul")) {
        axes.put(layer.node().output(), 1);
      }
    }
    Map<String, ChannelMoments> wanted = ChannelMoments.of(exact, axes, few);
    IntegerDraft corrected = draft;
    listener.begin("bias correction", axes.size(), "layers");
    int done = 0;
    for (LinearLayer layer : draft.layers()) {
      String made = layer.node().output();
      if (!axes.containsKey(made)) {
        continue;
      }
      ChannelMoments got = ChannelMoments.of(corrected.write(), Map.of(made, 1), few).get(made);
      float[] biases = layer.biases();
      for (int c = 0; c < biases.length; c++) {
        biases[c] += (float) (wanted.get(made).mean(c) - got.mean(c));
      }
      GraphEdit edit = new GraphEdit(corrected.graph());
      edit.reweigh(layer, layer.weights().toFloats(), biases);
      corrected = corrected.withGraph(edit.graph());
      listener.advance(++done, Map.of());
    }
    listener.end(done + " layers");
    return corrected;
  }
}
