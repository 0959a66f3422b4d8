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
 * <p>The channels of a Conv are axis 1, those of a Gemm or MatMul the last axis, so that a Flatten
 * leaves all places of a channel in a row behind the one, and all channels of a place behind the
 * other. Layers whose channels are on different axes do not feed each other.
 *
 * @param producer the layer before; empty where the way back ends at something else
 * @param between the nodes in between, the one next to the producer first; depthwise convolutions
 *     may be among them
 * @param consumer the layer
 * @param spread how many inputs of the consumer belong to one channel: more than 1 behind a Flatten
 * @param isInterleaved whether the channels of a place stand in a row; else the places of a channel
 * @param end where the way back ends if not at a layer, for people
 */
record ChannelPath(
    Optional<LinearLayer> producer,
    List<Node> between,
    LinearLayer consumer,
    int spread,
    boolean isInterleaved,
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
  private static final Set<String> ELEMENTWISE =
      Set.of("Relu", "Clip", "LeakyRelu", "Identity", "Dropout");

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
      boolean isSeveral =
          maker.outputs().stream()
              .skip(1)
              .anyMatch(output -> !output.isEmpty() && consumers.containsKey(output));
      boolean isKnown = maker.domain().isEmpty() && CHANNELWISE.contains(maker.op());
      if (isSeveral || (layer.isEmpty() && !isKnown)) {
        return open(between, consumer, maker.toString());
      }
      between.add(0, maker);
      value = maker.input(0);
    }
  }

  private static ChannelPath closed(
      LinearLayer producer, List<Node> between, LinearLayer consumer) {
    int spread = consumer.inputs() / producer.outputs();
    boolean isFlat = between.stream().anyMatch(n -> n.op().equals("Flatten"));
    boolean fits =
        spread * producer.outputs() == consumer.inputs()
            && (spread == 1 || isFlat)
            && producer.groups() == 1
            && (isMap(producer)
                ? keepsMap(producer, between, consumer)
                : keepsRows(between, consumer));
    return fits
        ? new ChannelPath(
            Optional.of(producer), List.copyOf(between), consumer, spread, !isMap(producer), "")
        : open(between, consumer, producer.node() + ", whose channels are not the layer's");
  }

  /** Whether a layer's channels are axis 1, not the last. */
  private static boolean isMap(LinearLayer layer) {
    return layer.node().op().equals("Conv");
  }

  /** Whether axis 1 is what the consumer counts, or becomes rows of channel after channel. */
  private static boolean keepsMap(LinearLayer producer, List<Node> between, LinearLayer consumer) {
    int rank = producer.weights().shape().rank();
    List<Node> flattens = between.stream().filter(n -> n.op().equals("Flatten")).toList();
    boolean isByExample =
        flattens.stream().limit(1).allMatch(n -> Math.floorMod(axis(n), rank) == 1)
            && flattens.stream().skip(1).allMatch(n -> Math.floorMod(axis(n), 2) == 1);
    return isByExample && isMap(consumer) == flattens.isEmpty();
  }

  /** Whether the last axis stays the one whose numbers stand side by side. */
  private static boolean keepsRows(List<Node> between, LinearLayer consumer) {
    return !isMap(consumer)
        && between.stream().allMatch(n -> ELEMENTWISE.contains(n.op()) || n.op().equals("Flatten"));
  }

  private static int axis(Node flatten) {
    return (int) flatten.intAttribute("axis", 1);
  }

  private static ChannelPath open(List<Node> between, LinearLayer consumer, String end) {
    return new ChannelPath(Optional.empty(), List.copyOf(between), consumer, 1, false, end);
  }

  /**
   * The channel that an input of the consumer belongs to.
   *
   * @param channels how many there are
   */
  int channelOf(int input, int channels) {
    return isInterleaved ? input % channels : input / spread;
  }

  /** The input of the consumer that is a place of a channel, among so many channels. */
  int inputOf(int channel, int place, int channels) {
    return isInterleaved ? place * channels + channel : channel * spread + place;
  }

  /** The place of an input within its channel, among so many channels. */
  int placeOf(int input, int channels) {
    return isInterleaved ? input / channels : input % spread;
  }

  /** How many channels the consumer is given. */
  int channels() {
    return consumer.inputs() / spread;
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
