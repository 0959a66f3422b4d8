package org.distill4j.engine.lowering;

import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * A QuantizeLinear and the DequantizeLinear behind it: a place where numbers are rounded to a grid.
 *
 * @param source what is rounded
 * @param scale the constant that holds the steps; pairs that name the same one share them
 * @param zero the constant that holds the integers standing for 0; empty if they are 0
 * @param axis that the steps belong to; of weights at least 0
 * @param isWeight whether a constant is rounded, which then is trained
 * @param scales the steps
 * @param zeros as many
 * @param type of the integers
 */
record QdqPair(
    String source,
    String scale,
    String zero,
    int axis,
    boolean isWeight,
    HostTensor scales,
    HostTensor zeros,
    DType type) {

  /** The pair that a DequantizeLinear ends; empty if it ends none. */
  static Optional<QdqPair> of(Graph graph, Map<String, Node> producers, Node dequantize) {
    Node quantize = producers.get(dequantize.input(0));
    if (quantize == null
        || !quantize.op().equals("QuantizeLinear")
        || !quantize.input(1).equals(dequantize.input(1))
        || !quantize.input(2).equals(dequantize.input(2))) {
      return Optional.empty();
    }
    Optional<HostTensor> scales = graph.constant(quantize.input(1));
    Optional<HostTensor> zeros = graph.constant(quantize.input(2));
    if (scales.isEmpty() || zeros.isEmpty() || scales.get().shape().rank() > 1) {
      return Optional.empty();
    }
    Optional<HostTensor> weights = graph.constant(quantize.input(0));
    int axis = Math.toIntExact(dequantize.intAttribute("axis", 1));
    return Optional.of(
        new QdqPair(
            quantize.input(0),
            quantize.input(1),
            quantize.input(2),
            axis < 0 ? axis + weights.map(w -> w.shape().rank()).orElse(0) : axis,
            weights.isPresent(),
            scales.get(),
            zeros.get(),
            zeros.get().type()));
  }

  /** The smallest integer, given the largest that a weight may be. */
  int lowest(FakeQuantization rounding) {
    return isWeight ? -rounding.highest() : type == DType.UINT8 ? 0 : Byte.MIN_VALUE;
  }

  int highest(FakeQuantization rounding) {
    return isWeight ? rounding.highest() : type == DType.UINT8 ? 255 : Byte.MAX_VALUE;
  }
}
