package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.LinearLayer;

/**
 * What feeds a layer: the layer before it, and the nodes in between, each of which treats every
 * channel for itself and is used by nothing else.
 *
 * @param producer the layer before; empty where the way back ends at something else
 * @param between the nodes in between, the one next to the producer first; depthwise convolutions
 *     may be among them
 * @param consumer the layer
 * @param spread how many inputs of the consumer belong to one channel: more than 1 behind a Flatten
 * @param end where the way back ends if not at a layer, for people
 */
record ChannelPath(
    Optional<LinearLayer> producer,
    List<Node> between,
    LinearLayer consumer,
    int spread,
    String end) {
  private static final Set<String> CHANNELWISE =
      Set.of(
          "Relu",
          "Clip",
          "LeakyRelu",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Identity",
          "Dropout",
          "Flatten");

  /** Walks back from a layer. */
  static ChannelPath of(Graph graph, LinearLayer consumer) {
    Map<String, Node> producers = graph.producers();
    Map<String, List<Node>> consumers = graph.consumers();
    List<Node> between = new ArrayList<>();
    String value = consumer.node().input(0);
    while (true) {
      Node maker = producers.get(value);
      String made = value;
      if (maker == null) {
        return open(between, consumer, "the model's input");
      }
      if (consumers.getOrDefault(value, List.of()).size() > 1
          || graph.outputs().stream().anyMatch(v -> v.name().equals(made))) {
        return open(between, consumer, "what " + maker + " makes, which is used elsewhere too");
      }
      Optional<LinearLayer> layer = LinearLayer.of(graph, maker);
      if (layer.isPresent() && !isDepthwise(layer.get())) {
        return closed(layer.get(), between, consumer);
      }
      if (layer.isEmpty() && !(maker.domain().isEmpty() && CHANNELWISE.contains(maker.op()))) {
        return open(between, consumer, maker.toString());
      }
      between.add(0, maker);
      value = maker.input(0);
    }
  }

  private static ChannelPath closed(
      LinearLayer producer, List<Node> between, LinearLayer consumer) {
    int spread = consumer.inputs() / producer.outputs();
    boolean flattened = between.stream().anyMatch(n -> n.op().equals("Flatten"));
    boolean fits =
        spread * producer.outputs() == consumer.inputs()
            && (spread == 1 || flattened)
            && producer.groups() == 1;
    return fits
        ? new ChannelPath(Optional.of(producer), List.copyOf(between), consumer, spread, "")
        : open(between, consumer, producer.node() + ", whose channels are not the layer's");
  }

  private static ChannelPath open(List<Node> between, LinearLayer consumer, String end) {
    return new ChannelPath(Optional.empty(), List.copyOf(between), consumer, 1, end);
  }

  /** Whether each output channel of a convolution comes from the input channel of its number. */
  static boolean isDepthwise(LinearLayer layer) {
    return layer.groups() > 1
        && layer.groups() == layer.inputs()
        && layer.inputs() == layer.outputs();
  }

  /** Whether all nodes in between are of these operators. */
  boolean isOnly(Set<String> ops) {
    return between.stream().allMatch(n -> ops.contains(n.op()));
  }
}
