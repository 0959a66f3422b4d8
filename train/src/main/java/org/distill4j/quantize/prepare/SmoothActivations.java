package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * SmoothQuant: moves the difficulty of rounding from activations with outlier channels to the
 * weights that meet them. Input channel j of a Gemm or MatMul is divided, and its weights
 * multiplied, by
 *
 * <pre>{@code s_j = max|X_j|^alpha / max|W_j|^(1 - alpha)}</pre>
 *
 * <p>The division is folded into what makes X: a LayerNormalization, a product or sum with a
 * constant, or a layer before functions that scale with their input. Layers that share X share s.
 *
 * @see <a href="https://arxiv.org/abs/2211.10438">Xiao et al., 2022</a>
 */
public final class SmoothActivations implements Pass {
  private static final double LEAST = 1e-5;
  private static final Set<String> HOMOGENEOUS = Set.of("Relu", "LeakyRelu", "Identity", "Dropout");

  private final double alpha;
  private final ActivationPass examples;

  /**
   * Smooths to a degree.
   *
   * @param alpha how much of the difficulty moves to the weights, 0 to 1; usually 0.5
   */
  public SmoothActivations(double alpha, ActivationPass examples) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha: " + alpha + " (expected: 0 to 1)");
    }
    this.alpha = alpha;
    this.examples = examples;
  }

  @Override
  public String name() {
    return "smooth-activations";
  }

  @Override
  public Outcome apply(Graph graph) {
    List<String> changes = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, List<String>> sharing = sharing(graph, skipped);
    Map<String, Integer> axes = new LinkedHashMap<>();
    sharing.keySet().forEach(x -> axes.put(x, -1));
    Map<String, ChannelMoments> seen = ChannelMoments.of(graph, axes, examples);
    Graph smoothed = graph;
    for (Map.Entry<String, List<String>> entry : sharing.entrySet()) {
      List<LinearLayer> layers = layers(smoothed, entry.getValue());
      double[] factors = factors(seen.get(entry.getKey()).magnitudes(), most(layers), alpha);
      GraphEdit edit = new GraphEdit(smoothed);
      divide(smoothed, edit, entry.getKey(), factors);
      layers.forEach(layer -> multiply(edit, layer, factors));
      smoothed = edit.graph();
      changes.add(
          String.format(
              Locale.ROOT,
              "%s: activations of %s divided by up to %.3g",
              entry.getValue(),
              entry.getKey(),
              Arrays.stream(factors).max().orElse(1)));
    }
    return new Outcome(smoothed, changes, skipped);
  }

  /** The factors of a tensor's channels; 1 for one that is always zero. */
  static double[] factors(double[] activations, double[] weights, double alpha) {
    double[] factors = new double[activations.length];
    for (int j = 0; j < factors.length; j++) {
      factors[j] =
          activations[j] > 0
              ? Math.pow(Math.max(LEAST, activations[j]), alpha)
                  / Math.pow(Math.max(LEAST, weights[j]), 1 - alpha)
              : 1;
    }
    return factors;
  }

  /** The tensors that feed layers and nothing else, each with its layers, where they fold. */
  private static Map<String, List<String>> sharing(Graph graph, List<String> skipped) {
    Map<String, List<String>> sharing = new LinkedHashMap<>();
    Map<String, List<Node>> consumers = graph.consumers();
    for (Node node : graph.nodes()) {
      String x = node.input(0);
      if (!isLayer(graph, node) || sharing.containsKey(x)) {
        continue;
      }
      List<Node> users = consumers.get(x);
      boolean isShared =
          users.stream().allMatch(u -> isLayer(graph, u) && u.input(0).equals(x))
              && graph.outputs().stream().noneMatch(v -> v.name().equals(x));
      int channels = LinearLayer.of(graph, node).orElseThrow().inputs();
      String obstacle =
          isShared
              ? divide(graph, new GraphEdit(graph), x, ones(channels))
              : "its input is used by others too";
      if (obstacle.isEmpty()) {
        sharing.put(x, users.stream().map(Node::name).toList());
      } else {
        skipped.add(node + ": its factors fold into nothing, " + obstacle);
      }
    }
    return sharing;
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static boolean isLayer(Graph graph, Node node) {
    return !node.op().equals("Conv") && LinearLayer.of(graph, node).isPresent();
  }

  private static List<LinearLayer> layers(Graph graph, List<String> names) {
    return graph.nodes().stream()
        .filter(n -> names.contains(n.name()))
        .map(n -> LinearLayer.of(graph, n).orElseThrow())
        .toList();
  }

  private static double[] most(List<LinearLayer> layers) {
    double[] most = new double[layers.get(0).inputs()];
    for (LinearLayer layer : layers) {
      float[] weights = layer.weights().toFloats();
      for (int i = 0; i < weights.length; i++) {
        int j = layer.inputOf(i);
        most[j] = Math.max(most[j], Math.abs(weights[i]));
      }
    }
    return most;
  }

  private static void multiply(GraphEdit edit, LinearLayer layer, double[] factors) {
    float[] weights = layer.weights().toFloats();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * factors[layer.inputOf(i)]);
    }
    edit.reweigh(layer, weights, layer.biases());
  }

  /** Divides the channels of a tensor in what makes it; says why where that is not possible. */
  private static String divide(Graph graph, GraphEdit edit, String tensor, double[] factors) {
    Map<String, List<Node>> consumers = graph.consumers();
    Map<String, Node> producers = graph.producers();
    String value = tensor;
    while (true) {
      Node maker = producers.get(value);
      if (maker == null) {
        return "it is the model's input";
      }
      String at = value;
      boolean isOutput = graph.outputs().stream().anyMatch(v -> v.name().equals(at));
      if (!value.equals(tensor) && (isOutput || consumers.get(value).size() > 1)) {
        return "'" + value + "' is used by others too";
      }
      Optional<LinearLayer> layer =
          LinearLayer.of(graph, maker)
              .filter(l -> isLayer(graph, maker)); // a Conv's channels are not last
      if (layer.isPresent() && layer.get().outputs() == factors.length) {
        divide(edit, layer.get(), factors);
        return "";
      }
      int constant = constantInput(graph, maker, factors.length);
      boolean isDone = constant > 0 && maker.op().equals("LayerNormalization");
      if (isDone) {
        divide(graph, edit, maker, new int[] {1, 2}, factors);
        return "";
      }
      if (constant >= 0 && (maker.op().equals("Mul") || maker.op().equals("Add"))) {
        divide(graph, edit, maker, new int[] {constant}, factors);
        if (maker.op().equals("Mul")) {
          return "";
        }
        value = maker.input(1 - constant);
      } else if (HOMOGENEOUS.contains(maker.op())) {
        value = maker.input(0);
      } else {
        return maker + " makes it";
      }
    }
  }

  /** The input of a node that is a constant with a number for each channel; -1 if none is. */
  private static int constantInput(Graph graph, Node node, int channels) {
    boolean isNorm = node.op().equals("LayerNormalization");
    boolean isShifted = isNorm && node.hasInput(2);
    if ((isNorm && node.intAttribute("axis", -1) != -1)
        || (isShifted && !graph.initializers().containsKey(node.input(2)))) {
      return -1;
    }
    for (int i = isNorm ? 1 : 0; i < 2; i++) {
      HostTensor constant = graph.initializers().get(node.input(i));
      boolean isFloat = constant != null && constant.type() == DType.FLOAT32;
      if (isFloat && (constant.elements() == channels || constant.elements() == 1)) {
        int rank = constant.shape().rank();
        boolean isLast = rank == 0 || constant.shape().size(rank - 1) == constant.elements();
        return isLast ? i : -1;
      }
    }
    return -1;
  }

  private static void divide(GraphEdit edit, LinearLayer layer, double[] factors) {
    float[] weights = layer.weights().toFloats();
    float[] biases = layer.biases();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] / factors[layer.outputOf(i)]);
    }
    for (int c = 0; c < biases.length; c++) {
      biases[c] = (float) (biases[c] / factors[c]);
    }
    edit.reweigh(layer, weights, biases);
  }

  private static void divide(
      Graph graph, GraphEdit edit, Node node, int[] positions, double[] factors) {
    List<String> inputs = new ArrayList<>(node.inputs());
    for (int i : positions) {
      if (node.hasInput(i)) {
        HostTensor constant = graph.initializers().get(node.input(i));
        float[] before = constant.toFloats();
        float[] after = new float[factors.length];
        for (int j = 0; j < after.length; j++) {
          after[j] = (float) (before[before.length == 1 ? 0 : j] / factors[j]);
        }
        long[] sizes = new long[Math.max(1, constant.shape().rank())];
        Arrays.fill(sizes, 1);
        sizes[sizes.length - 1] = after.length;
        inputs.set(i, edit.constant(node.input(i), HostTensor.ofFloats(Shape.of(sizes), after)));
      }
    }
    edit.replace(node.withInputs(inputs));
  }
}
