package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Outlier-channel splitting: an input channel whose activations or weights are far larger than the
 * others' is put there several times, each with a part of it, so that the step of the integers is
 * made for the others.
 *
 * <p>Of activations each of k copies holds x / k, and meets the same weights. Of weights each copy
 * holds x, and meets a part of w. With the step s of the layer's output channel and {@code v = w /
 * s} these are
 *
 * <pre>{@code w_j = s ((v + 1/2 + j) / k - 1/2), j = 0..k-1}</pre>
 *
 * <p>which add up to w, and whose integers add up to the integer of w: {@code sum over j of
 * floor((u + j) / k) = floor(u)}, Hermite's identity. Two plain halves of v = 3 would round to 2
 * and 2.
 *
 * <p>Copies are made by the layer before, whose output channels are repeated; where that is not
 * possible, by a Gather, but not at a residual sum, which would keep it from being anything but a
 * copy in memory.
 *
 * @see <a href="https://arxiv.org/abs/1901.09504">Zhao et al., 2019</a>
 */
public final class SplitOutliers implements Pass {
  private static final Set<String> HOMOGENEOUS =
      Set.of(
          "Relu",
          "LeakyRelu",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Identity",
          "Dropout",
          "Flatten");

  private final int weightBits;
  private final ActivationPass examples;

  /**
   * Splits for integers of so many bits.
   *
   * @param weightBits of the weights: 7 or 8
   */
  public SplitOutliers(int weightBits, ActivationPass examples) {
    this.weightBits = weightBits;
    this.examples = examples;
  }

  @Override
  public String name() {
    return "split-outliers";
  }

  @Override
  public Outcome apply(Graph graph) {
    List<String> changes = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, Integer> axes = new LinkedHashMap<>();
    List<String> layers = new ArrayList<>();
    String first = graph.onlyInput().name();
    for (Node node : graph.nodes()) {
      boolean isSplittable =
          LinearLayer.of(graph, node).filter(w -> w.groups() == 1).isPresent()
              && !node.input(0).equals(first); // a picture's few channels are no outliers
      if (isSplittable) {
        layers.add(node.name());
        axes.put(node.input(0), node.op().equals("MatMul") ? -1 : 1);
      }
    }
    Map<String, ChannelMoments> seen = ChannelMoments.of(graph, axes, examples);
    Graph split = graph;
    for (String layer : layers) {
      LinearLayer before = layer(split, layer);
      ChannelMoments moments = seen.get(before.node().input(0));
      split = splitActivations(split, before, moments, changes, skipped);
      split = splitWeights(split, layer(split, layer), changes, skipped);
    }
    return new Outcome(split, changes, skipped);
  }

  private static LinearLayer layer(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(n -> n.name().equals(name))
        .findFirst()
        .flatMap(n -> LinearLayer.of(graph, n))
        .orElseThrow();
  }

  private static Graph splitActivations(
      Graph graph,
      LinearLayer layer,
      ChannelMoments moments,
      List<String> changes,
      List<String> skipped) {
    ChannelPath feed = ChannelPath.of(graph, layer);
    double[] magnitudes = new double[feed.channels()];
    for (int i = 0; i < layer.inputs(); i++) {
      int c = feed.channelOf(i, magnitudes.length);
      magnitudes[c] = Math.max(magnitudes[c], moments.magnitude(i));
    }
    Copies copies = Copies.of(magnitudes);
    if (copies.isNone()) {
      return graph;
    }
    if (feed.producer().isEmpty() || !scales(graph, feed)) {
      String why =
          feed.producer().isEmpty() ? feed.end() : "a function that does not scale with its input";
      skipped.add(says(layer, "activations", copies) + ": before it is " + why);
      return graph;
    }
    GraphEdit edit = new GraphEdit(graph);
    new Expansion(edit, feed, copies).activations();
    changes.add(
        says(layer, "activations", copies) + ", made by " + feed.producer().orElseThrow().node());
    return edit.graph();
  }

  /** Whether what is divided before the functions behind the last layer is divided behind them. */
  private static boolean scales(Graph graph, ChannelPath feed) {
    List<Node> between = feed.between();
    for (int i = between.size() - 1; i >= 0; i--) {
      if (LinearLayer.of(graph, between.get(i)).isPresent()) {
        return true; // a depthwise convolution, whose own weights are divided
      }
      if (!HOMOGENEOUS.contains(between.get(i).op())) {
        return false;
      }
    }
    return true;
  }

  private Graph splitWeights(
      Graph graph, LinearLayer layer, List<String> changes, List<String> skipped) {
    ChannelPath feed = ChannelPath.of(graph, layer);
    double[][] largest = largest(feed);
    Copies copies = Copies.of(outlying(largest));
    if (copies.isNone()) {
      return graph;
    }
    String says = says(layer, "weights", copies);
    double[] steps = steps(largest, copies.parts());
    GraphEdit edit = new GraphEdit(graph);
    if (feed.producer().isPresent()) {
      new Expansion(edit, feed, copies).weights(steps);
      changes.add(says + ", made by " + feed.producer().orElseThrow().node());
      return edit.graph();
    }
    Optional<String> residual = residual(graph, layer);
    if (residual.isPresent()) {
      skipped.add(says + ": a Gather would stay at the residual sum " + residual.get());
      return graph;
    }
    new Expansion(edit, feed, copies).weights(steps);
    changes.add(says + ", made by a Gather, as before it is " + feed.end());
    return gathered(edit.graph(), layer.node(), copies);
  }

  /** The sum that makes what a layer takes, or that takes it too. */
  private static Optional<String> residual(Graph graph, LinearLayer layer) {
    String value = layer.node().input(0);
    for (Node user : graph.consumers().get(value)) {
      if (user.op().equals("Add")) {
        return Optional.of(user.toString());
      }
    }
    Node maker = graph.producers().get(value);
    while (maker != null && HOMOGENEOUS.contains(maker.op())) {
      maker = graph.producers().get(maker.input(0));
    }
    return Optional.ofNullable(maker).filter(m -> m.op().equals("Add")).map(Node::toString);
  }

  /** Puts a Gather of channels before a layer. */
  private static Graph gathered(Graph graph, Node layer, Copies copies) {
    GraphEdit edit = new GraphEdit(graph);
    Node node = layer(graph, layer.name()).node(); // by now
    String picked =
        edit.constant(
            layer.name() + ".channels",
            HostTensor.ofLongs(
                Shape.of(copies.source().length),
                Arrays.stream(copies.source()).asLongStream().toArray()));
    String copied = edit.fresh(layer.name() + ".split");
    long axis = layer.op().equals("MatMul") ? -1 : 1;
    edit.insertBefore(
        node,
        Node.of(
            "Gather",
            List.of(node.input(0), picked),
            List.of(copied),
            Map.of("axis", Attribute.of(axis))));
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, copied);
    edit.replace(node.withInputs(inputs));
    return edit.graph();
  }

  /** The largest weight by magnitude of each output channel and input channel. */
  private static double[][] largest(ChannelPath feed) {
    LinearLayer layer = feed.consumer();
    double[][] largest = new double[layer.outputs()][feed.channels()];
    float[] weights = layer.weights().toFloats();
    for (int i = 0; i < weights.length; i++) {
      double[] row = largest[layer.outputOf(i)];
      int c = feed.channelOf(layer.inputOf(i), row.length);
      row[c] = Math.max(row[c], Math.abs(weights[i]));
    }
    return largest;
  }

  /** How far each input channel stands out: the root mean square of what it is to its rows. */
  static double[] outlying(double[][] largest) {
    double[] squares = new double[largest[0].length];
    for (double[] row : largest) {
      double[] sorted = row.clone();
      Arrays.sort(sorted);
      double median = sorted[sorted.length / 2];
      for (int c = 0; c < squares.length && median > 0; c++) {
        squares[c] += row[c] * row[c] / (median * median * largest.length);
      }
    }
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  /**
   * The step of each output channel that its parts will have: of a weight m in k parts the largest
   * is {@code (m / s + (k - 1) / 2) / k} steps, which must be the largest integer at most.
   */
  private double[] steps(double[][] largest, int[] parts) {
    int high = (1 << (weightBits - 1)) - 1;
    double[] steps = new double[largest.length];
    for (int o = 0; o < steps.length; o++) {
      for (int c = 0; c < parts.length; c++) {
        double levels = parts[c] * (double) high - (parts[c] - 1) / 2.0;
        steps[o] = Math.max(steps[o], largest[o][c] / levels);
      }
    }
    return steps;
  }

  private static String says(LinearLayer layer, String what, Copies copies) {
    List<String> channels = new ArrayList<>();
    for (int c = 0; c < copies.parts().length; c++) {
      if (copies.parts()[c] > 1) {
        channels.add(String.format(Locale.ROOT, "%d x%d", c, copies.parts()[c]));
      }
    }
    return layer.node() + " " + what + " of channels " + String.join(", ", channels);
  }
}
