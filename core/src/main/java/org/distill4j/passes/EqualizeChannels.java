package org.distill4j.passes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.Shape;

/**
 * Cross-layer equalization: where one layer feeds another through functions that scale with their
 * input, {@code f(s x) = s f(x)}, output channel i of the first is divided and input channel i of
 * the second multiplied by {@code s_i = sqrt(r1_i / r2_i)}, r the largest weights by magnitude.
 * Both then have the range {@code sqrt(r1_i r2_i)}, so that no channel wastes the integers of its
 * tensor. Pairs are visited until nothing moves any more.
 *
 * <p>Normalizations must have been folded. The factors of a round stay within 1/64 to 64, and all
 * rounds together make no bias more than 64 times what it was, unless it stays below the largest of
 * its layer: a channel that is nearly dead must not blow up its bias.
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al., 2019, section 4.1</a>
 */
public final class EqualizeChannels implements Pass {
  private static final Set<String> HOMOGENEOUS =
      Set.of(
          "Relu",
          "LeakyRelu",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "Identity",
          "Dropout");
  private static final Set<String> FLATTENING = Set.of("Flatten", "Reshape");
  private static final int MAX_ROUNDS = 50;
  private static final double SETTLED = 1e-3;
  private static final double MAX_FACTOR = 64;

  /** One layer that feeds another; {@code spread} inputs of the second belong to one output. */
  private record Pair(LinearLayer first, LinearLayer second, int spread) {}

  /** How far the channels of a layer were divided in all rounds, and how far they may be. */
  private static final class Divided {
    private final double[] by;
    private final double[] least;

    Divided(float... biases) {
      double largest = 0;
      for (float bias : biases) {
        largest = Math.max(largest, Math.abs(bias));
      }
      by = new double[biases.length];
      least = new double[biases.length];
      for (int c = 0; c < by.length; c++) {
        by[c] = 1;
        least[c] = biases[c] == 0 ? 0 : Math.min(1 / MAX_FACTOR, Math.abs(biases[c]) / largest);
      }
    }

    /** The factor of a channel in this round. */
    double factor(int channel, double wish) {
      double within = Math.min(MAX_FACTOR, Math.max(1 / MAX_FACTOR, wish));
      double factor = Math.max(within, least[channel] / by[channel]);
      by[channel] *= factor;
      return factor;
    }
  }

  @Override
  public String name() {
    return "equalize-channels";
  }

  @Override
  public Outcome apply(Graph graph) {
    List<String> skipped = new ArrayList<>();
    List<Pair> pairs = pairs(graph, skipped);
    Map<String, float[]> weights = new LinkedHashMap<>();
    Map<String, float[]> biases = new LinkedHashMap<>();
    Map<String, LinearLayer> layers = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      for (LinearLayer layer : List.of(pair.first, pair.second)) {
        layers.put(layer.node().name(), layer);
        weights.putIfAbsent(layer.node().name(), layer.weights().toFloats());
        biases.putIfAbsent(layer.node().name(), layer.biases());
      }
    }
    Map<String, Divided> divided = new LinkedHashMap<>();
    pairs.forEach(p -> divided.put(p.first.node().name(), new Divided(p.first.biases())));
    Map<String, Double> largest = new LinkedHashMap<>();
    double moved = 1;
    for (int round = 0; round < MAX_ROUNDS && moved > SETTLED; round++) {
      moved = 0;
      for (Pair pair : pairs) {
        String first = pair.first.node().name();
        double by =
            balance(
                pair,
                divided.get(first),
                weights.get(first),
                biases.get(first),
                weights.get(pair.second.node().name()));
        moved = Math.max(moved, by);
        largest.merge(first, by, Double::sum);
      }
    }
    List<String> changes =
        pairs.stream()
            .filter(p -> largest.get(p.first.node().name()) > SETTLED)
            .map(p -> p.first.node() + ": its channels are balanced with " + p.second.node())
            .toList();
    if (changes.isEmpty()) {
      return new Outcome(graph, changes, skipped);
    }
    GraphEdit edit = new GraphEdit(graph);
    layers.forEach((name, layer) -> edit.reweigh(layer, weights.get(name), biases.get(name)));
    return new Outcome(edit.graph(), changes, skipped);
  }

  /** Returns the largest logarithm of a factor by magnitude. */
  private static double balance(
      Pair pair, Divided divided, float[] first, float[] bias, float[] second) {
    double[] r1 = new double[pair.first.outputs()];
    double[] r2 = new double[r1.length];
    for (int i = 0; i < first.length; i++) {
      int channel = pair.first.outputOf(i);
      r1[channel] = Math.max(r1[channel], Math.abs(first[i]));
    }
    for (int i = 0; i < second.length; i++) {
      int channel = pair.second.inputOf(i) / pair.spread;
      r2[channel] = Math.max(r2[channel], Math.abs(second[i]));
    }
    double[] factors = new double[r1.length];
    double moved = 0;
    for (int c = 0; c < factors.length; c++) {
      double s = r1[c] > 0 && r2[c] > 0 ? Math.sqrt(r1[c] / r2[c]) : 1;
      factors[c] = divided.factor(c, s);
      moved = Math.max(moved, Math.abs(Math.log(factors[c])));
      bias[c] = (float) (bias[c] / factors[c]);
    }
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) (first[i] / factors[pair.first.outputOf(i)]);
    }
    for (int i = 0; i < second.length; i++) {
      second[i] = (float) (second[i] * factors[pair.second.inputOf(i) / pair.spread]);
    }
    return moved;
  }

  private static List<Pair> pairs(Graph graph, List<String> skipped) {
    Map<String, List<Node>> consumers = graph.consumers();
    Shapes shapes = ShapeInference.infer(graph);
    List<String> outputs = graph.outputs().stream().map(v -> v.name()).toList();
    List<Pair> pairs = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<LinearLayer> first = channelled(graph, node);
      if (first.isEmpty()) {
        continue;
      }
      boolean flattened = false;
      String value = node.output();
      while (true) {
        List<Node> users = consumers.getOrDefault(value, List.of());
        if (users.size() != 1 || outputs.contains(value)) {
          break;
        }
        Node user = users.get(0);
        Optional<LinearLayer> second =
            user.input(0).equals(value) ? channelled(graph, user) : Optional.empty();
        if (second.isPresent()) {
          pair(first.get(), second.get(), flattened).ifPresent(pairs::add);
          break;
        }
        boolean flattens = FLATTENING.contains(user.op()) && keepsOrder(shapes, user);
        flattened |= flattens;
        if (!user.input(0).equals(value) || !(HOMOGENEOUS.contains(user.op()) || flattens)) {
          if (user.op().equals("Clip")) {
            skipped.add(node + ": its " + user + " does not scale with its input");
          }
          break;
        }
        value = user.output();
      }
    }
    return pairs;
  }

  /** Whether a node makes one row of each example, channel after channel. */
  private static boolean keepsOrder(Shapes shapes, Node node) {
    if (node.op().equals("Flatten")) {
      return node.intAttribute("axis", 1) == 1;
    }
    Shape from = shapes.shape(node.input(0));
    Shape to = shapes.shape(node.output());
    if (!from.isRanked() || !to.isRanked() || to.rank() != 2 || !to.dim(1).isKnown()) {
      return false;
    }
    long each = 1;
    for (int d = 1; d < from.rank(); d++) {
      each *= from.dim(d).isKnown() ? from.size(d) : 0;
    }
    return each == to.size(1);
  }

  private static Optional<LinearLayer> channelled(Graph graph, Node node) {
    return LinearLayer.of(graph, node).filter(w -> !w.node().op().equals("MatMul"));
  }

  private static Optional<Pair> pair(LinearLayer first, LinearLayer second, boolean flattened) {
    int spread = second.inputs() / first.outputs();
    boolean fits = spread * first.outputs() == second.inputs() && (flattened || spread == 1);
    return fits ? Optional.of(new Pair(first, second, spread)) : Optional.empty();
  }
}
