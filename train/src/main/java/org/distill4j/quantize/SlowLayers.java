package org.distill4j.quantize;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.distill4j.data.Splits;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;

/**
 * Mixed precision for speed: layers that integers slow down on this machine, at batch 1 on 1
 * thread, stay float. From the first to the last, one more layer stays float if the whole model is
 * faster for it; and all of them, if what comes of that is still slower than floats alone. Two
 * models are timed in turn, so that other work on the machine slows both.
 */
public final class SlowLayers {
  private static final double GAIN = .97; // less is noise

  /** No layer was timed. */
  public static final Found NONE = new Found(List.of(), List.of());

  private final Function<Set<String>, Graph> integers;
  private final ProgressListener listener;

  /**
   * For a model.
   *
   * @param integers makes it with some layers float
   */
  public SlowLayers(Function<Set<String>, Graph> integers, ProgressListener listener) {
    this.integers = integers;
    this.listener = listener;
  }

  /**
   * Layers by what they are faster as, each in the graph's order.
   *
   * @param floats the layers that are better float
   * @param integers the others
   */
  public record Found(List<String> floats, List<String> integers) {
    /** Takes copies. */
    public Found {
      floats = List.copyOf(floats);
      integers = List.copyOf(integers);
    }

    /** One line for people. */
    public String summary() {
      return integers.isEmpty()
          ? "every layer is faster float on this machine"
          : "%s of %s layers are faster float on this machine%s"
              .formatted(
                  floats.size(),
                  floats.size() + integers.size(),
                  floats.isEmpty() ? "" : ": " + String.join(", ", floats));
    }
  }

  /**
   * Among the layers of a model that could work on integers as settings say.
   *
   * @param settings of which those to keep float are not timed
   */
  public static Found of(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    QuantizationCandidates attempts =
        new QuantizationCandidates(model, data, settings, target, threads, listener);
    Set<Repair> repairs = settings.allRepairs();
    List<String> layers = new ArrayList<>(attempts.layers(repairs));
    layers.removeAll(settings.keepFloat());
    Set<String> slow =
        new SlowLayers(
                floats -> {
                  Set<String> all = new HashSet<>(floats);
                  all.addAll(settings.keepFloat());
                  return attempts.integers(
                      settings.observer().orElse(Observer.MIN_MAX), repairs, all);
                },
                listener)
            .among(layers);
    Map<Boolean, List<String>> parts =
        layers.stream().collect(Collectors.partitioningBy(slow::contains));
    return new Found(parts.get(true), parts.get(false));
  }

  /** The names of the layers that are better float. */
  public Set<String> among(List<String> layers) {
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
      try (Predictor none = open(new HashSet<>(layers))) {
        if (floats.size() < layers.size() && RelativeTime.of(none, best) < GAIN) {
          floats = new HashSet<>(layers);
        }
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
