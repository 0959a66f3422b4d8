package org.distill4j.prune;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.LinearLayer;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.HostTensor;

/**
 * Pruning masks: which weights of a net are zero at each step of a training. Weights of
 * convolutions and products only: biases and normalizations stay.
 *
 * @param sparsity how many
 * @param keep nodes whose weights stay, by name
 */
@DigestedAs("Masks[sparsity, keep]")
public record Masks(Sparsity sparsity, List<String> keep) {
  /** Between two new masks, as in the paper; a short training has more of them. */
  private static final int USUALLY_EVERY = 100;

  private static final int LEAST_MASKS = 10;

  /** Takes a copy. */
  public Masks {
    keep = List.copyOf(keep);
  }

  /**
   * The initializers that are masked, each with the layer that first uses it.
   *
   * @throws InputFault if there is none, or a node to keep is not there
   */
  public Map<String, LinearLayer> layers(Graph net) {
    for (String name : keep) {
      if (net.nodes().stream().noneMatch(n -> n.name().equals(name))) {
        throw new InputFault("keep: '" + name + "' (expected: a node of the net)");
      }
    }
    Map<String, LinearLayer> layers = new LinkedHashMap<>();
    for (Node node : net.nodes()) {
      LinearLayer.of(net, weighing(node))
          .filter(w -> !keep.contains(node.name()) && hasParts(w))
          .ifPresent(w -> layers.putIfAbsent(node.input(1), w));
    }
    if (layers.isEmpty()) {
      throw new InputFault(
          "sparsity: net '%s' has no weights that it suits (expected: convolutions or products)"
              .formatted(net.name()));
    }
    return layers;
  }

  /** A Gemm by its weights alone: what scales its products, and is added to them, masks nothing. */
  private static Node weighing(Node node) {
    if (!node.op().equals("Gemm")) {
      return node;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.keySet().retainAll(Set.of("transB"));
    return node.withInputs(node.inputs().subList(0, 2)).withAttributes(attributes);
  }

  private boolean hasParts(LinearLayer layer) {
    return sparsity.nM().isEmpty()
        || layer.weights().shape().size(layer.inputAxis()) >= sparsity.outOf();
  }

  /**
   * New masks, where a step begins with new ones.
   *
   * @param step from 0
   * @param steps how many there will be
   * @param weights gives the net as it is by now; asked only when masks are due
   * @return 0 and 1 for each weight, by initializer
   */
  public Optional<Map<String, HostTensor>> due(long step, long steps, Supplier<Graph> weights) {
    long last = sparsity.last(steps);
    long every = Math.max(1, Math.min(USUALLY_EVERY, last / LEAST_MASKS));
    boolean isDue =
        sparsity.nM().isPresent() ? step == 0 : step == last || (step < last && step % every == 0);
    return isDue || step == 0 ? Optional.of(of(weights.get(), step, steps)) : Optional.empty();
  }

  private Map<String, HostTensor> of(Graph net, long step, long steps) {
    Map<String, HostTensor> masks = new LinkedHashMap<>();
    layers(net)
        .forEach(
            (name, layer) ->
                masks.put(
                    name,
                    sparsity.nM().isPresent()
                        ? ofPattern(layer, sparsity.stay(), sparsity.outOf())
                        : ofMagnitude(layer.weights(), sparsity.at(step, steps))));
    return masks;
  }

  /**
   * Keeps the {@code round(n (1 - s))} largest by magnitude, at least one; of equal ones the first.
   */
  static HostTensor ofMagnitude(HostTensor weights, double share) {
    float[] values = weights.toFloats();
    int stay = (int) Math.max(1, Math.round(values.length * (1 - share)));
    float[] mask = new float[values.length];
    IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs((double) values[i])))
        .limit(stay)
        .forEach(i -> mask[i] = 1);
    return HostTensor.ofFloats(weights.shape(), mask);
  }

  /**
   * Keeps the n largest by magnitude of each m inputs of one output, at the same place of a kernel;
   * what does not fill a part stays.
   */
  static HostTensor ofPattern(LinearLayer layer, int n, int m) {
    float[] values = layer.weights().toFloats();
    int inner = 1;
    for (int d = layer.inputAxis() + 1; d < layer.weights().shape().rank(); d++) {
      inner *= (int) layer.weights().shape().size(d);
    }
    int inputs = (int) layer.weights().shape().size(layer.inputAxis());
    float[] mask = new float[values.length];
    Arrays.fill(mask, 1);
    for (int line = 0; line < values.length / inputs; line++) {
      int start = line / inner * inner * inputs + line % inner;
      for (int from = 0; from + m <= inputs; from += m) {
        int first = start + from * inner;
        int stride = inner;
        IntStream.range(0, m)
            .map(k -> first + k * stride)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.abs((double) values[i])))
            .skip(n)
            .forEach(i -> mask[i] = 0);
      }
    }
    return HostTensor.ofFloats(layer.weights().shape(), mask);
  }

  /** The share of zeros among the weights that are masked, 0 to 1. */
  public double zeros(Graph net) {
    long zeros = 0;
    long all = 0;
    for (String name : layers(net).keySet()) {
      for (float weight : net.initializers().get(name).toFloats()) {
        zeros += weight == 0 ? 1 : 0;
        all++;
      }
    }
    return (double) zeros / all;
  }

  /** How many bytes are left when a file is compressed by gzip. */
  public static long compressed(byte[] file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size();
  }
}
