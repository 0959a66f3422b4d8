package org.distill4j.compress;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.progress.ProgressListener;

/**
 * Finds layers that integers slow down on this machine, at batch 1 on 1 thread: from the first to
 * the last, one more layer stays float if the whole model is faster for it. Two models are timed in
 * turn, so that other work on the machine slows both.
 */
final class SlowLayers {
  private static final double GAIN = .97; // less is noise

  private final Function<Set<String>, Graph> integers;
  private final ProgressListener listener;

  /**
   * For a model.
   *
   * @param integers makes it with some layers float
   */
  SlowLayers(Function<Set<String>, Graph> integers, ProgressListener listener) {
    this.integers = integers;
    this.listener = listener;
  }

  /** The names of the layers that are better float. */
  Set<String> among(List<String> layers) {
    Set<String> floats = new HashSet<>();
    listener.begin("time of each layer", layers.size(), "layers");
    Predictor best = open(floats);
    int done = 0;
    try {
      for (String layer : layers) {
        Set<String> tried = new HashSet<>(floats);
        tried.add(layer);
        Predictor other = open(tried);
        double ratio = RelativeTime.of(other, best);
        if (ratio < GAIN) {
          listener.note(
              String.format(
                  Locale.ROOT, "%s: stays float, the model takes %.2f of the time", layer, ratio));
          best.close();
          best = other;
          floats = tried;
        } else {
          other.close();
        }
        listener.advance(++done, Map.of());
      }
    } finally {
      best.close();
    }
    listener.end(floats.size() + " of " + layers.size() + " are faster float");
    return floats;
  }

  private Predictor open(Set<String> floats) {
    return new OnnxRuntime().open(integers.apply(floats), 1);
  }
}
