package org.distill4j.oracle;

import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/**
 * One node about to be carried out.
 *
 * @param inputs what it takes; null where an optional input is left out
 * @param shapes of all values, for the batch at hand
 */
record Call(Node node, List<Held> inputs, Shapes shapes) {
  Held in(int input) {
    return inputs.get(input);
  }

  boolean has(int input) {
    return node.hasInput(input);
  }

  /** What comes out. */
  Shape shape() {
    return shapes.shape(node.output());
  }

  DType type() {
    return shapes.type(node.output());
  }

  /** An axis from 0, where negative ones count from the end. */
  int axis(long given, int rank) {
    return (int) (given < 0 ? given + rank : given);
  }

  /** The elements of an integer input. */
  Optional<long[]> integers(int input) {
    if (!has(input)) {
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
    return has(input) && in(input).numbers().length > 0 ? in(input).reals()[0] : otherwise;
  }

  InputFault fault(String what) {
    return new InputFault(node + ": " + what);
  }
}
