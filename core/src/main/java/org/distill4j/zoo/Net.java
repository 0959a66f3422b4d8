package org.distill4j.zoo;

import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.Shape;

/** The settings of a network that is known by name; a user's own is written with {@link Layers}. */
public sealed interface Net permits Mlp, Cnn, ResNet, MobileNetV2, DsCnn {
  /**
   * The network with initial weights, from {@code input} [batch, example...] to {@code logits}
   * [batch, classes], without a softmax.
   *
   * @param example shape of one example: {@code [channels, height, width]}, for an Mlp any
   * @param classes at least 1
   * @param seed of the initial weights; the same seed gives the same bytes
   * @throws InputFault if the network cannot take such examples
   */
  Graph build(Shape example, int classes, long seed);
}
