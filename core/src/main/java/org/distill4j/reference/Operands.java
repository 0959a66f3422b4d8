package org.distill4j.reference;

import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Node;
import org.distill4j.shapes.NodeSite;

/**
 * What a node takes when it is carried out.
 *
 * @param site the node, with the shapes of the batch at hand
 * @param inputs its tensors; null where an optional input is left out
 */
record Operands(NodeSite site, List<ReferenceTensor> inputs) {
  Node node() {
    return site.node();
  }

  ReferenceTensor in(int input) {
    return inputs.get(input);
  }

  /** The elements of an integer input. */
  Optional<long[]> integers(int input) {
    if (!site.has(input)) {
      return Optional.empty();
    }
    double[] numbers = in(input).numbers();
    long[] integers = new long[numbers.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (long) numbers[i];
    }
    return Optional.of(integers);
  }

  /** The only number of an input. */
  double number(int input, double otherwise) {
    return site.has(input) && in(input).numbers().length > 0 ? in(input).reals()[0] : otherwise;
  }
}
