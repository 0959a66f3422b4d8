package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Writes copies of channels into the weights of the layers at both ends of a feed. */
final class Expansion {
  private final GraphEdit edit;
  private final ChannelPath feed;
  private final Copies copies;

  Expansion(GraphEdit edit, ChannelPath feed, Copies copies) {
    this.edit = edit;
    this.feed = feed;
    this.copies = copies;
  }

  /** Each copy holds its share of the activation and meets the same weights. */
  void activations() {
    repeat(true);
    LinearLayer wide = widened();
    put(wide.node(), wide.weights(), wide.bias().map(b -> wide.biases()).orElse(null));
  }

  /**
   * Each copy holds the activation and meets a part of the weights.
   *
   * @param steps of the integers of each output channel
   */
  void weights(double[] steps) {
    if (feed.producer().isPresent()) {
      repeat(false);
    }
    LinearLayer wide = widened();
    float[] values = wide.weights().toFloats();
    int channels = copies.source().length;
    for (int i = 0; i < values.length; i++) {
      int channel = feed.channelOf(wide.inputOf(i), channels);
      int parts = copies.parts()[copies.source()[channel]];
      if (parts > 1) {
        values[i] = (float) part(values[i], steps[wide.outputOf(i)], copies.part()[channel], parts);
      }
    }
    put(
        wide.node(),
        HostTensor.ofFloats(wide.weights().shape(), values),
        wide.bias().map(b -> wide.biases()).orElse(null));
  }

  /** Part j of k of a weight, of which the integers add up to the weight's. */
  static double part(double weight, double step, int j, int k) {
    return step == 0 ? weight / k : step * ((weight / step + .5 + j) / k - .5);
  }

  /** The consumer with the weights of each channel as often as there are copies. */
  private LinearLayer widened() {
    LinearLayer consumer = feed.consumer();
    int before = feed.channels();
    int after = copies.source().length;
    int[] inputs =
        IntStream.range(0, after * feed.spread())
            .map(
                i -> {
                  int source = copies.source()[feed.channelOf(i, after)];
                  return feed.inputOf(source, feed.placeOf(i, after), before);
                })
            .toArray();
    return new LinearLayer(
        edit.node(consumer.node()),
        picked(consumer.weights(), consumer.inputAxis(), inputs),
        consumer.bias(),
        consumer.outputAxis(),
        consumer.inputAxis(),
        1);
  }

  /** The layer before makes each channel as often as there are copies. */
  private void repeat(boolean sharing) {
    List<LinearLayer> makers = new ArrayList<>();
    makers.add(feed.producer().orElseThrow());
    for (Node node : feed.between()) {
      depthwise(node, makers);
    }
    for (int m = 0; m < makers.size(); m++) {
      boolean divides = sharing && m == makers.size() - 1;
      LinearLayer maker = makers.get(m);
      HostTensor weights = picked(maker.weights(), maker.outputAxis(), copies.source());
      float[] values = weights.toFloats();
      float[] before = maker.biases();
      float[] biases = new float[copies.source().length];
      LinearLayer shaped =
          new LinearLayer(
              maker.node(), weights, maker.bias(), maker.outputAxis(), maker.inputAxis(), 1);
      for (int i = 0; i < values.length && divides; i++) {
        values[i] /= copies.parts()[copies.source()[shaped.outputOf(i)]];
      }
      for (int c = 0; c < biases.length; c++) {
        int source = copies.source()[c];
        biases[c] = before[source] / (divides ? copies.parts()[source] : 1);
      }
      put(
          grouped(edit.node(maker.node()), maker.groups()),
          HostTensor.ofFloats(weights.shape(), values),
          maker.bias().isPresent() ? biases : null);
    }
  }

  private void depthwise(Node node, List<LinearLayer> makers) {
    HostTensor weights = edit.constant(node.input(1));
    if (node.op().equals("Conv")) {
      int channels = Math.toIntExact(weights.shape().size(0));
      HostTensor bias = node.hasInput(2) ? edit.constant(node.input(2)) : null;
      makers.add(new LinearLayer(node, weights, Optional.ofNullable(bias), 0, 1, channels));
    }
  }

  private Node grouped(Node node, int groups) {
    if (groups == 1) {
      return node;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.put("group", Attribute.of((long) copies.source().length));
    return node.withAttributes(attributes);
  }

  private void put(Node node, HostTensor weights, float[] biases) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(1, edit.constant(node.input(1), weights));
    if (biases != null) {
      inputs.set(
          2, edit.constant(node.input(2), HostTensor.ofFloats(Shape.of(biases.length), biases)));
    }
    edit.replace(node.withInputs(inputs));
  }

  /** The slices of an axis that are named, in their order. */
  private static HostTensor picked(HostTensor tensor, int axis, int... indices) {
    Shape shape = tensor.shape();
    int inner = 1;
    for (int d = axis + 1; d < shape.rank(); d++) {
      inner = Math.toIntExact(inner * shape.size(d));
    }
    int size = Math.toIntExact(shape.size(axis));
    float[] from = tensor.toFloats();
    int outer = from.length / (size * inner);
    float[] to = new float[outer * indices.length * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(
            from, (o * size + indices[i]) * inner, to, (o * indices.length + i) * inner, inner);
      }
    }
    long[] sizes = shape.sizes();
    sizes[axis] = indices.length;
    return HostTensor.ofFloats(Shape.of(sizes), to);
  }
}
