package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A model without its QuantizeLinear and DequantizeLinear nodes, and what they said: the scaling of
 * each value that went through such a pair, and so is rounded and cut off for all who read it.
 * Quantized weights become the real numbers that they stand for; unsigned zero points move down by
 * 128 with their numbers.
 *
 * <p>A pair cuts off what its integers cannot say: a quantizer may have taken a Relu out for it.
 * Where a value is read without its pair too, or its integers have more than 8 bits or a scale for
 * each channel, the pair becomes nodes that cut off.
 *
 * @param graph in real numbers
 * @param scalings by value of that graph, one for each value
 */
record Dequantized(Graph graph, Map<String, AffineScaling> scalings) {
  /** Reads a model; one without such nodes is given back as it is. */
  static Dequantized of(Graph model) {
    boolean any = model.nodes().stream().anyMatch(n -> is(n, "DequantizeLinear"));
    return any ? new Search(model).run() : new Dequantized(model, Map.of());
  }

  private static boolean is(Node node, String op) {
    return node.domain().isEmpty() && node.op().equals(op);
  }

  /** One walk along a model. */
  private static final class Search {
    private final Graph model;
    private final Shapes shapes;
    private final Map<String, Node> producers;
    private final Map<String, List<Node>> consumers;
    private final Map<String, HostTensor> initializers;
    private final FreshNames names;
    private final Map<String, String> stands = new HashMap<>();
    private final Map<String, AffineScaling> scalings = new HashMap<>();
    private final Map<String, Map<RoundingPair, String>> cut = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Search(Graph model) {
      this.model = model;
      this.shapes = ShapeInference.infer(model);
      this.producers = model.producers();
      this.consumers = model.consumers();
      this.initializers = new LinkedHashMap<>(model.initializers());
      this.names = FreshNames.of(model);
    }

    Dequantized run() {
      for (Node node : model.nodes()) {
        if (!is(node, "DequantizeLinear") || !replace(node)) {
          nodes.add(node.withInputs(node.inputs().stream().map(this::stand).toList()));
        }
      }
      for (Value output : model.outputs()) {
        String from = stands.get(output.name());
        if (from != null) {
          nodes.add(Node.of("Identity", List.of(from), List.of(output.name()), Map.of()));
          Optional.ofNullable(scalings.get(from)).ifPresent(s -> scalings.put(output.name(), s));
        }
      }
      List<Node> live = live();
      return new Dequantized(
          new Graph(
              model.name(), model.inputs(), model.outputs(), live, initializers, model.metadata()),
          scalings);
    }

    private String stand(String value) {
      return stands.getOrDefault(value, value);
    }

    /** Notes what a DequantizeLinear stands for. */
    private boolean replace(Node node) {
      Optional<HostTensor> constant = model.constant(node.input(0));
      if (constant.isPresent()) {
        Optional<RoundingPair> said = RoundingPair.of(model, node, constant.get().type());
        said.ifPresent(pair -> put(node, pair.real(constant.get()), pair));
        return said.isPresent();
      }
      Node before = producers.get(node.input(0));
      if (before == null || !is(before, "QuantizeLinear")) {
        return false;
      }
      Optional<RoundingPair> pair = RoundingPair.of(model, shapes, before);
      int rank = Math.max(1, shapes.shape(before.input(0)).rank());
      boolean same =
          pair.isPresent()
              && RoundingPair.of(model, node, pair.get().type())
                  .filter(other -> other.along(rank).equals(pair.get().along(rank)))
                  .isPresent();
      if (!same) {
        return false;
      }
      Optional<HostTensor> weights = model.constant(before.input(0));
      if (weights.isPresent()) {
        put(node, pair.get().rounded(weights.get()), pair.get());
      } else {
        stands.put(node.output(), rounded(before, pair.get()));
      }
      return true;
    }

    private void put(Node node, HostTensor real, RoundingPair pair) {
      initializers.put(node.output(), real);
      pair.scaling().ifPresent(s -> scalings.put(node.output(), s));
    }

    /** The value behind a pair: that before it if all who read it read it so. */
    private String rounded(Node quantize, RoundingPair pair) {
      String x = stand(quantize.input(0));
      Optional<AffineScaling> scaling = pair.scaling().filter(s -> pair.isPerTensor());
      if (scaling.isPresent() && isOnlyRead(quantize.input(0), pair)) {
        AffineScaling before = scalings.putIfAbsent(x, scaling.get());
        if (before == null || before.equals(scaling.get())) {
          return x;
        }
      }
      return cut.computeIfAbsent(x, k -> new HashMap<>())
          .computeIfAbsent(
              pair,
              p -> {
                String y = cut(quantize, x, pair);
                scaling.ifPresent(s -> scalings.put(y, s));
                return y;
              });
    }

    /** Whether a value is read through this kind of pair alone. */
    private boolean isOnlyRead(String value, RoundingPair pair) {
      if (pair.scaling().equals(Optional.ofNullable(scalings.get(stand(value))))) {
        return true;
      }
      boolean isOutput = model.outputs().stream().anyMatch(o -> o.name().equals(value));
      for (Node reader : consumers.getOrDefault(value, List.of())) {
        boolean same =
            is(reader, "QuantizeLinear")
                && RoundingPair.of(model, shapes, reader).filter(pair::equals).isPresent();
        if (!same && !is(reader, "Shape")) {
          return false;
        }
      }
      return !isOutput && !stands.containsKey(value);
    }

    /** Nodes that cut off as the pair does. */
    private String cut(Node quantize, String x, RoundingPair pair) {
      String least = bound(quantize, ".low", pair, pair.low());
      String most = bound(quantize, ".high", pair, pair.high());
      String above = names.name(quantize.output() + ".above");
      String within = names.name(quantize.output() + ".within");
      nodes.add(
          new Node(
              quantize.name() + ".low", "", "Max", List.of(x, least), List.of(above), Map.of()));
      nodes.add(
          new Node(
              quantize.name() + ".high",
              "",
              "Min",
              List.of(above, most),
              List.of(within),
              Map.of()));
      return within;
    }

    /** A bound that is the same along all axes but the pair's. */
    private String bound(Node quantize, String what, RoundingPair pair, float[] bounds) {
      String name = names.name(quantize.output() + what);
      Shape shape = Shape.SCALAR;
      if (!pair.isPerTensor()) {
        int rank = shapes.shape(quantize.input(0)).rank();
        long[] sizes = new long[rank];
        Arrays.fill(sizes, 1);
        sizes[Math.floorMod((int) pair.axis(), rank)] = bounds.length;
        shape = Shape.of(sizes);
      }
      initializers.put(name, HostTensor.ofFloats(shape, bounds));
      return name;
    }

    /** Without the QuantizeLinear nodes that nobody reads any more. */
    private List<Node> live() {
      Set<String> read = new HashSet<>();
      nodes.forEach(n -> read.addAll(n.inputs()));
      model.outputs().forEach(o -> read.add(o.name()));
      return nodes.stream()
          .filter(n -> read.contains(n.output()) || !n.op().equals("QuantizeLinear"))
          .toList();
    }
  }
}
