package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;

/**
 * Bias absorption: moves what is nearly always in a channel into the next layer's bias. Where a
 * channel before its ReLU has mean m and deviation d, {@code c = max(0, m - 3 d)} is subtracted
 * from its bias and {@code W c} added to the next one's, so that balancing weights does not leave
 * wide activations.
 *
 * <p>It says the same for inputs like those that were seen: exactly where no value falls below c.
 * Left alone: a layer that pads, since the border would see zeros instead of c.
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al., 2019, section 4.1.3</a>
 */
public final class AbsorbBiases implements Pass {
  private static final double DEVIATIONS = 3;
  private static final Set<String> SHIFTING =
      Set.of("Relu", "MaxPool", "GlobalAveragePool", "Flatten", "Identity", "Dropout");

  private final ActivationPass examples;

  /** Needs examples like those the model will be asked about. */
  public AbsorbBiases(ActivationPass examples) {
    this.examples = examples;
  }

  @Override
  public String name() {
    return "absorb-biases";
  }

  @Override
  public boolean isExact() {
    return false; // a number in a thousand lies below c
  }

  @Override
  public Outcome apply(Graph graph) {
    Map<String, ChannelPath> feeds = new LinkedHashMap<>(); // by the producer's output
    for (Node node : graph.nodes()) {
      LinearLayer.of(graph, node)
          .filter(w -> !node.op().equals("MatMul") && w.groups() == 1)
          .map(w -> ChannelPath.of(graph, w))
          .filter(f -> f.producer().isPresent() && rectified(f) && f.isOnly(SHIFTING))
          .filter(f -> !f.producer().orElseThrow().node().op().equals("MatMul"))
          .ifPresent(f -> feeds.put(f.producer().orElseThrow().node().output(), f));
    }
    Map<String, Integer> axes = new LinkedHashMap<>();
    feeds.keySet().forEach(tensor -> axes.put(tensor, 1));
    Map<String, ChannelMoments> seen = ChannelMoments.of(graph, axes, examples);
    List<String> changes = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, float[]> biases = new LinkedHashMap<>();
    Map<String, LinearLayer> layers = new LinkedHashMap<>();
    feeds.forEach(
        (tensor, feed) -> {
          double[] constant = constant(seen.get(tensor));
          long channels = Arrays.stream(constant).filter(c -> c > 0).count();
          if (channels == 0) {
            return;
          }
          LinearLayer first = feed.producer().orElseThrow();
          LinearLayer second = feed.consumer();
          if (pads(second.node())) {
            skipped.add(second.node() + ": pads with zeros, so the bias before it stays");
            return;
          }
          layers.put(first.node().name(), first);
          layers.put(second.node().name(), second);
          move(
              feed,
              constant,
              biases.computeIfAbsent(first.node().name(), n -> first.biases()),
              biases.computeIfAbsent(second.node().name(), n -> second.biases()));
          changes.add(
              String.format(
                  Locale.ROOT,
                  "%s: %d of its %d biases absorbed into %s",
                  first.node(),
                  channels,
                  first.outputs(),
                  second.node()));
        });
    if (changes.isEmpty()) {
      return new Outcome(graph, changes, skipped);
    }
    GraphEdit edit = new GraphEdit(graph);
    layers.forEach((name, w) -> edit.reweigh(w, w.weights().toFloats(), biases.get(name)));
    return new Outcome(edit.graph(), changes, skipped);
  }

  private static boolean rectified(ChannelPath feed) {
    return feed.between().stream().filter(n -> n.op().equals("Relu")).count() == 1;
  }

  private static boolean pads(Node node) {
    for (long pad : node.intsAttribute("pads")) {
      if (pad != 0) {
        return true;
      }
    }
    return node.textAttribute("auto_pad", "NOTSET").startsWith("SAME");
  }

  private static double[] constant(ChannelMoments seen) {
    double[] constant = new double[seen.channels()];
    for (int c = 0; c < constant.length; c++) {
      constant[c] = Math.max(0, seen.mean(c) - DEVIATIONS * seen.deviation(c));
    }
    return constant;
  }

  /** {@code b1 -= c}, {@code b2 += sum over inputs and positions of W2 c}. */
  private static void move(ChannelPath feed, double[] constant, float[] first, float[] second) {
    LinearLayer consumer = feed.consumer();
    double[] moved = new double[second.length];
    float[] weights = consumer.weights().toFloats();
    for (int i = 0; i < weights.length; i++) {
      moved[consumer.outputOf(i)] +=
          weights[i] * constant[feed.channelOf(consumer.inputOf(i), feed.channels())];
    }
    for (int c = 0; c < first.length; c++) {
      first[c] = (float) (first[c] - constant[c]);
    }
    for (int o = 0; o < second.length; o++) {
      second[o] = (float) (second[o] + moved[o]);
    }
  }
}
