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
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * A model without its QuantizeLinear and DequantizeLinear nodes, and what they said: the scaling of
 * each value that went through such a pair. Quantized weights become the real numbers that they
 * stand for; unsigned zero points move down by 128 with their numbers.
 *
 * @param graph in real numbers
 * @param scalings by value of that graph
 */
record Dequantized(Graph graph, Map<String, AffineScaling> scalings) {
  private static final int HALF = 128;

  /** Reads a model; one without such nodes is given back as it is. */
  static Dequantized of(Graph model) {
    boolean any = model.nodes().stream().anyMatch(Dequantized::isDequantize);
    return any ? new Search(model).run() : new Dequantized(model, Map.of());
  }

  private static boolean isDequantize(Node node) {
    return node.domain().isEmpty() && node.op().equals("DequantizeLinear");
  }

  /** One walk along a model. */
  private static final class Search {
    private final Graph model;
    private final Map<String, Node> producers;
    private final Map<String, HostTensor> initializers;
    private final Map<String, String> stands = new HashMap<>();
    private final Map<String, AffineScaling> scalings = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Search(Graph model) {
      this.model = model;
      this.producers = model.producers();
      this.initializers = new LinkedHashMap<>(model.initializers());
    }

    Dequantized run() {
      for (Node node : model.nodes()) {
        if (!isDequantize(node) || !replace(node)) {
          nodes.add(
              node.withInputs(node.inputs().stream().map(i -> stands.getOrDefault(i, i)).toList()));
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

    /** Notes what a DequantizeLinear stands for. */
    private boolean replace(Node node) {
      Optional<HostTensor> constant = model.constant(node.input(0));
      if (constant.isPresent()) {
        Optional<HostTensor> real = real(constant.get(), node);
        real.ifPresent(r -> initializers.put(node.output(), r));
        if (real.isPresent() && constant.get().type().bytes() == 1) {
          scaling(node, constant.get().type()).ifPresent(s -> scalings.put(node.output(), s));
        }
        return real.isPresent();
      }
      Node before = producers.get(node.input(0));
      if (before == null || !before.op().equals("QuantizeLinear")) {
        return false;
      }
      String x = stands.getOrDefault(before.input(0), before.input(0));
      DType type =
          before.hasInput(2)
              ? model.constant(before.input(2)).map(HostTensor::type).orElse(DType.UINT8)
              : DType.UINT8;
      stands.put(node.output(), x);
      if (type.bytes() == 1) {
        scaling(before, type).ifPresent(s -> scalings.putIfAbsent(x, s));
      }
      return true;
    }

    private Optional<AffineScaling> scaling(Node node, DType type) {
      Optional<HostTensor> scale = model.constant(node.input(1));
      if (scale.isEmpty()) {
        return Optional.empty();
      }
      List<Float> scales = new ArrayList<>();
      for (float s : scale.get().toFloats()) {
        scales.add(s);
      }
      long[] zeros = new long[scales.size()];
      if (node.hasInput(2)) {
        zeros = model.constant(node.input(2)).map(HostTensor::toLongs).orElse(zeros);
      }
      long shift = type == DType.UINT8 ? HALF : 0;
      List<Long> points = Arrays.stream(zeros).map(z -> z - shift).boxed().toList();
      int axis = (int) node.intAttribute("axis", 1);
      return Optional.of(new AffineScaling(scales, points, scales.size() == 1 ? 0 : axis));
    }

    /** {@code (number - zero point) scale} for each element; empty for blocks. */
    private Optional<HostTensor> real(HostTensor numbers, Node node) {
      Optional<HostTensor> scale = model.constant(node.input(1));
      if (scale.isEmpty() || node.intAttribute("block_size", 0) != 0) {
        return Optional.empty();
      }
      double[] scales = scale.get().toDoubles();
      long[] zeros =
          node.hasInput(2)
              ? model.constant(node.input(2)).map(HostTensor::toLongs).orElse(new long[1])
              : new long[scales.length];
      long[] values = numbers.toLongs();
      int rank = numbers.shape().rank();
      int axis = rank == 0 ? 0 : Math.floorMod((int) node.intAttribute("axis", 1), rank);
      int inner = 1;
      for (int i = axis + 1; i < rank; i++) {
        inner *= (int) numbers.shape().size(i);
      }
      float[] real = new float[values.length];
      for (int i = 0; i < real.length; i++) {
        int c = scales.length == 1 ? 0 : i / inner % scales.length;
        real[i] = (float) ((values[i] - zeros[c]) * scales[c]);
      }
      return Optional.of(HostTensor.ofFloats(numbers.shape(), real));
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
